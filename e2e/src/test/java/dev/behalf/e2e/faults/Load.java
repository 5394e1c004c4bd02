package dev.behalf.e2e.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Clients that queue jobs at a pace, in turn over the users, and write down what they are told. */
final class Load implements AutoCloseable {

  /** An operation that costs next to nothing and answers its text. */
  static final String QUICK = "echo";

  private static final int CLIENTS = 16;

  private final List<Client> users;
  private final String operation;
  private final String name;
  private final long start = System.nanoTime();
  private final long nanosBetween;
  private final BooleanSupplier goesOn;
  private final AtomicInteger next = new AtomicInteger();
  private final ConcurrentLinkedQueue<Acknowledged> told = new ConcurrentLinkedQueue<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
  private final List<Future<?>> running = new ArrayList<>();

  private Load(
      List<Client> users, String operation, String name, int perSecond, BooleanSupplier goesOn) {
    this.users = users;
    this.operation = operation;
    this.name = name;
    this.nanosBetween = 1_000_000_000L / perSecond;
    this.goesOn = goesOn;
    for (int i = 0; i < CLIENTS; i++) {
      running.add(threads.submit(this::work));
    }
  }

  /** So many jobs. */
  static Load of(List<Client> users, String operation, String name, int jobs, int perSecond) {
    var left = new AtomicInteger(jobs);
    return new Load(users, operation, name, perSecond, () -> left.getAndDecrement() > 0);
  }

  /** As long as it is wished. */
  static Load whilst(List<Client> users, String name, int perSecond, BooleanSupplier goesOn) {
    return new Load(users, QUICK, name, perSecond, goesOn);
  }

  /** How many jobs clients have been told about so far. */
  int told() {
    return told.size();
  }

  /** Waits for the end, and gives the list. */
  List<Acknowledged> finish() throws Exception {
    for (var one : running) {
      one.get();
    }
    return List.copyOf(told);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private Void work() throws InterruptedException {
    while (goesOn.getAsBoolean()) {
      var number = next.getAndIncrement();
      var due = start + number * nanosBetween;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      told.add(users.get(number % users.size()).submit(operation, name + " " + number));
    }
    return null;
  }
}
