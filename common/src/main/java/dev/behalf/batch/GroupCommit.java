package dev.behalf.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Group commit: what comes while a batch is under way makes up the next one. One request alone is
 * as quick as it would be without this. Where the batch before had company, the next one waits two
 * milliseconds for its own: the busier it is, the more share the cost of a transaction, a round
 * trip or a disk write.
 *
 * <p>What waits and what goes together is bounded in number and in bytes. Where a batch fails for
 * what may be the fault of one of its requests, each is done alone: one bad request fails nobody
 * else's.
 *
 * @param <T> a request
 * @param <R> its own verdict
 */
public final class GroupCommit<T, R> implements AutoCloseable {

  /** Does a whole batch, and answers for each request in the order of the requests. */
  @FunctionalInterface
  public interface Work<T, R> {
    List<R> run(List<T> batch) throws Exception;
  }

  /**
   * How much there may be.
   *
   * @param atOnce the most requests in a batch
   * @param mayWait the most requests that may wait
   * @param bytesAtOnce the most bytes in a batch, unless its only request has more
   * @param bytesMayWait the most bytes that may wait and be under way
   * @param bytes about how much memory a request takes
   */
  public record Bounds<T>(
      int atOnce, int mayWait, int bytesAtOnce, int bytesMayWait, ToIntFunction<T> bytes) {

    private int bytesOf(T request) {
      return Math.clamp(bytes.applyAsInt(request), 1, bytesMayWait);
    }
  }

  private static final int COMPANY = 3;
  private static final long NANOS_FOR_COMPANY = 4_000_000;
  private static final int TIMES_FOR_COMPANY = 8;

  private record Entry<T, R>(T request, int bytes, CompletableFuture<R> verdict) {}

  private final BlockingQueue<Entry<T, R>> waiting;
  private final Semaphore bytesFree;
  private final Bounds<T> bounds;
  private final Predicate<Throwable> mayBeOfOne;
  private final Work<T, R> work;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * Starts at once.
   *
   * @param name of its thread
   * @param mayBeOfOne whether a batch may have failed through one of its requests alone; not where,
   *     say, the database is away
   */
  public GroupCommit(
      String name, Bounds<T> bounds, Predicate<Throwable> mayBeOfOne, Work<T, R> work) {
    this.waiting = new ArrayBlockingQueue<>(bounds.mayWait());
    this.bytesFree = new Semaphore(bounds.bytesMayWait());
    this.bounds = bounds;
    this.mayBeOfOne = mayBeOfOne;
    this.work = work;
    this.thread = Thread.ofPlatform().name(name).daemon().start(this::run);
  }

  /**
   * Puts a request into the next batch. Where the batch fails, so does the verdict, with what the
   * work has thrown.
   *
   * @throws RejectedExecutionException where too many wait, or this is closed
   */
  public CompletableFuture<R> add(T request) {
    var entry = new Entry<T, R>(request, bounds.bytesOf(request), new CompletableFuture<>());
    if (!bytesFree.tryAcquire(entry.bytes())) {
      throw new RejectedExecutionException("Too many bytes wait.");
    }
    if (closed || !waiting.offer(entry) || (closed && waiting.remove(entry))) {
      bytesFree.release(entry.bytes());
      throw new RejectedExecutionException("Too many requests wait.");
    }
    return entry.verdict();
  }

  private void run() {
    var batch = new ArrayList<Entry<T, R>>(bounds.atOnce());
    var busy = false;
    while (!closed) {
      try {
        batch.add(waiting.take());
      } catch (InterruptedException close) {
        return;
      }
      fill(batch);
      for (int i = 0; busy && i < TIMES_FOR_COMPANY && hasRoom(batch); i++) {
        LockSupport.parkNanos(NANOS_FOR_COMPANY);
        busy = fill(batch);
      }
      run(batch);
      busy = batch.size() >= COMPANY;
      batch.clear();
    }
  }

  /** Adds what waits and fits; says whether that was anything. */
  private boolean fill(List<Entry<T, R>> batch) {
    var before = batch.size();
    while (fits(batch, waiting.peek())) {
      var next = waiting.poll();
      if (next == null) {
        break; // This was closed meanwhile.
      }
      batch.add(next);
    }
    return batch.size() > before;
  }

  private boolean fits(List<Entry<T, R>> batch, @Nullable Entry<T, R> next) {
    return next != null && hasRoom(batch) && bytesOf(batch) + next.bytes() <= bounds.bytesAtOnce();
  }

  private boolean hasRoom(List<Entry<T, R>> batch) {
    return batch.size() < bounds.atOnce();
  }

  private static long bytesOf(List<? extends Entry<?, ?>> batch) {
    return batch.stream().mapToLong(Entry::bytes).sum();
  }

  @SuppressWarnings("IllegalCatch") // whatever it is, those who wait must hear of it
  private void run(List<Entry<T, R>> batch) {
    try {
      var verdicts = work.run(batch.stream().map(Entry::request).toList());
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).verdict().complete(verdicts.get(i));
      }
    } catch (Throwable failed) {
      if (batch.size() > 1 && mayBeOfOne.test(failed)) {
        batch.forEach(entry -> run(List.of(entry)));
        return;
      }
      batch.forEach(entry -> entry.verdict().completeExceptionally(failed));
    }
    bytesFree.release(Math.toIntExact(bytesOf(batch)));
  }

  /** Ends its thread. Who waits is told so. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    var left = new ArrayList<Entry<T, R>>();
    waiting.drainTo(left);
    left.forEach(
        entry -> entry.verdict().completeExceptionally(new RejectedExecutionException("Closed.")));
  }
}
