package dev.behalf.testkit;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * When the JVM ends, closes what its tests share, in reverse order of creation: a service whose
 * database is gone takes many seconds to stop.
 */
final class AtExit {

  private static final Deque<AutoCloseable> PARTS = new ArrayDeque<>();

  private AtExit() {}

  static synchronized void close(AutoCloseable part) {
    if (PARTS.isEmpty()) {
      Runtime.getRuntime().addShutdownHook(new Thread(AtExit::closeAll));
    }
    PARTS.push(part);
  }

  private static synchronized void closeAll() {
    for (var part : PARTS) {
      try {
        part.close();
      } catch (Exception leftBehind) {
        System.err.println("could not be closed: " + leftBehind);
      }
    }
  }
}
