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
   * What a process has used.
   *
   * @param cpuNanos CPU time since its start
   * @param old bytes of old objects
   * @param live bytes that the last collection of old objects left; 0 before the first
   */
  record Usage(long cpuNanos, long old, long live) {

    /** Returns whether an idle heap should be collected. */
    boolean isWorthCollecting(Usage before, Duration since) {
      return cpuNanos - before.cpuNanos < IDLE * since.toNanos() && old - live > WORTHWHILE;
    }
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
      var before = usage();
      while (true) {
        Thread.sleep(every);
        var now = usage();
        if (now.isWorthCollecting(before, every)) {
          System.gc();
        }
        before = now;
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private Usage usage() {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new Usage(
        system.getProcessCpuTime(), pool.getUsage().getUsed(), pool.getCollectionUsage().getUsed());
  }
}
