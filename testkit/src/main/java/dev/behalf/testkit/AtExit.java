package dev.behalf.testkit;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * When the JVM ends, closes what its tests share, in reverse order of creation: a service whose
 * database is gone takes many seconds to stop.
 */
final class AtExit {

  private static final Deque<Runnable> PARTS = new ArrayDeque<>();

  private AtExit() {}

  static synchronized void run(Runnable close) {
    if (PARTS.isEmpty()) {
      Runtime.getRuntime().addShutdownHook(new Thread(AtExit::closeAll));
    }
    PARTS.push(close);
  }

  private static synchronized void closeAll() {
    PARTS.forEach(AtExit::close);
  }

  private static void close(Runnable part) {
    try {
      part.run();
    } catch (RuntimeException leftBehind) {
      System.err.println("could not be closed: " + leftBehind);
    }
  }
}
