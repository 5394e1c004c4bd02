package dev.behalf.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Group commit: what comes while a batch is under way makes up the next one. One request alone is
 * as quick as it would be without this. Where the batch before had company, the next one waits two
 * milliseconds for its own: the busier it is, the more share the cost of a transaction, a round
 * trip or a disk write.
 *
 * @param <T> a request
 * @param <R> its own verdict
 */
public final class Batches<T, R> implements AutoCloseable {

  /** Does a whole batch, and answers for each request in the order of the requests. */
  @FunctionalInterface
  public interface Work<T, R> {
    List<R> run(List<T> batch) throws Exception;
  }

  private static final int COMPANY = 3;
  private static final long NANOS_FOR_COMPANY = 4_000_000;
  private static final int TIMES_FOR_COMPANY = 8;

  private record Entry<T, R>(T request, CompletableFuture<R> verdict) {}

  private final BlockingQueue<Entry<T, R>> waiting;
  private final int atOnce;
  private final Work<T, R> work;
  private final List<Thread> lanes;
  private volatile boolean closed;

  /**
   * Starts at once.
   *
   * @param name of its threads
   * @param lanes how many batches may be under way at the same time
   * @param atOnce the most requests in a batch
   * @param mayWait the most requests that may wait
   */
  public Batches(String name, int lanes, int atOnce, int mayWait, Work<T, R> work) {
    this.waiting = new ArrayBlockingQueue<>(mayWait);
    this.atOnce = atOnce;
    this.work = work;
    this.lanes =
        IntStream.range(0, lanes)
            .mapToObj(i -> Thread.ofPlatform().name(name + "-" + i).daemon().start(this::run))
            .toList();
  }

  /**
   * Puts a request into the next batch. Where the batch fails, so does the verdict, with what the
   * work has thrown.
   *
   * @throws RejectedExecutionException where too many wait, or this is closed
   */
  public CompletableFuture<R> add(T request) {
    var entry = new Entry<T, R>(request, new CompletableFuture<>());
    if (closed || !waiting.offer(entry) || (closed && waiting.remove(entry))) {
      throw new RejectedExecutionException("Too many requests wait.");
    }
    return entry.verdict();
  }

  private void run() {
    var batch = new ArrayList<Entry<T, R>>(atOnce);
    var busy = false;
    while (!closed) {
      try {
        batch.add(waiting.take());
      } catch (InterruptedException close) {
        return;
      }
      waiting.drainTo(batch, atOnce - 1);
      for (int i = 0; busy && i < TIMES_FOR_COMPANY && batch.size() < atOnce; i++) {
        LockSupport.parkNanos(NANOS_FOR_COMPANY);
        busy = waiting.drainTo(batch, atOnce - batch.size()) > 0;
      }
      run(batch);
      busy = batch.size() >= COMPANY;
      batch.clear();
    }
  }

  @SuppressWarnings("IllegalCatch") // whatever it is, those who wait must hear of it
  private void run(List<Entry<T, R>> batch) {
    try {
      var verdicts = work.run(batch.stream().map(Entry::request).toList());
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).verdict().complete(verdicts.get(i));
      }
    } catch (Throwable failed) {
      batch.forEach(entry -> entry.verdict().completeExceptionally(failed));
    }
  }

  /** Ends its threads. Who waits is told so. */
  @Override
  public void close() {
    closed = true;
    lanes.forEach(Thread::interrupt);
    var left = new ArrayList<Entry<T, R>>();
    waiting.drainTo(left);
    left.forEach(
        entry -> entry.verdict().completeExceptionally(new RejectedExecutionException("Closed.")));
  }
}
