package dev.behalf.testkit;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Closes what the tests of a JVM share when the JVM ends, the last part first: a service whose
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
    PARTS.forEach(Runnable::run);
  }
}
