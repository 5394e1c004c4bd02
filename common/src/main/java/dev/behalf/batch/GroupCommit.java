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
 * Group commit: requests that arrive while a batch is running form the next batch. A single request
 * is as fast as without batching. If the previous batch held three or more requests, the next one
 * waits for more, as long as one arrives every 4 ms and for 32 ms at most: under load, more
 * requests share the cost of a transaction, a round trip or a disk write.
 *
 * <p>The queue and each batch are bounded in number and in bytes. If a batch fails and one of its
 * requests may be the cause, each request runs alone, so that a bad request fails no other.
 *
 * @param <T> a request
 * @param <R> the verdict on one request
 */
public final class GroupCommit<T, R> implements AutoCloseable {

  /** The work of a batch: returns one verdict for each request, in the order of the requests. */
  @FunctionalInterface
  public interface Work<T, R> {
    List<R> run(List<T> batch) throws Exception;
  }

  /**
   * The limits of a group commit, in requests and in bytes.
   *
   * @param atOnce the maximum number of requests in a batch
   * @param mayWait the maximum number of waiting requests
   * @param bytesAtOnce the maximum size of a batch in bytes; a single larger request runs alone
   * @param bytesMayWait the maximum size of all waiting and running requests, in bytes
   * @param bytes returns the approximate memory that a request takes, in bytes
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
   * Starts the thread that runs the batches.
   *
   * @param name the name of the thread
   * @param mayBeOfOne whether a single request may have caused the failure of a batch; false if,
   *     for example, the database is unreachable
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
   * Adds a request to the next batch. If the batch fails, the verdict fails with the exception that
   * the work threw.
   *
   * @throws RejectedExecutionException if too many requests or bytes are waiting, or after {@link
   *     #close}
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

  /** Adds the waiting requests that fit, and returns whether there were any. */
  private boolean fill(List<Entry<T, R>> batch) {
    var before = batch.size();
    while (fits(batch, waiting.peek())) {
      var next = waiting.poll();
      if (next == null) {
        break; // close() has emptied the queue.
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

  @SuppressWarnings("IllegalCatch") // any failure must reach the waiting callers
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

  /** Stops the thread. The waiting requests fail with {@link RejectedExecutionException}. */
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
