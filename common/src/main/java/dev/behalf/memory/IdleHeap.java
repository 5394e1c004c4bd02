package dev.behalf.memory;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.time.Duration;
import java.util.Optional;

/**
 * Returns the memory that a burst of work has left behind, once the process is idle. The serial
 * collector collects old objects only when the heap is full, so that a service would keep the most
 * memory that it ever needed. G1 collects an idle heap by itself (<a
 * href="https://openjdk.org/jeps/346">JEP 346</a>), but costs more memory and CPU time otherwise.
 */
public final class IdleHeap {

  private static final Duration EVERY = Duration.ofMinutes(1);

  /** The share of one processor below which a process is idle. */
  private static final double IDLE = 0.1;

  /** Garbage that is worth the collection of an idle heap, which takes some 0.1 s, in bytes. */
  private static final long WORTHWHILE = 32L * 1024 * 1024;

  private final MemoryPoolMXBean pool;

  private IdleHeap(MemoryPoolMXBean pool) {
    this.pool = pool;
  }

  /**
   * Returns whether an idle heap should be collected.
   *
   * @param cpuNanos CPU time that the process has used in this time
   * @param more bytes of old objects beyond those that are known to be needed
   */
  static boolean isWorthCollecting(long cpuNanos, Duration time, long more) {
    return cpuNanos < IDLE * time.toNanos() && more > WORTHWHILE;
  }

  /** Watches this process from now on, if its collector is the serial one. */
  public static void watch() {
    watch(EVERY);
  }

  static void watch(Duration every) {
    serialPool()
        .ifPresent(
            pool ->
                Thread.ofVirtual().name("idle-heap").start(() -> new IdleHeap(pool).run(every)));
  }

  private static Optional<MemoryPoolMXBean> serialPool() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getName().equals("Tenured Gen"))
        .findFirst();
  }

  private void run(Duration every) {
    try {
      long cpu = cpu();
      // What was needed when the heap was smallest: a collection during a burst leaves its objects.
      long needed = 0;
      while (true) {
        Thread.sleep(every);
        long now = cpu();
        long old = old();
        if (isWorthCollecting(now - cpu, every, old - needed)) {
          System.gc();
          needed = old();
        }
        needed = Math.min(needed, old);
        cpu = now;
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private static long cpu() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private long old() {
    return pool.getUsage().getUsed();
  }
}
