package dev.behalf.spring.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** The nonces of signed calls, for as long as their signatures count. */
final class Nonces {

  private final Duration kept;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Instant> seen = new LinkedHashMap<>();

  Nonces(Duration kept) {
    this.kept = kept;
  }

  /** Returns whether a nonce has not come before. */
  boolean isFirst(String nonce, Instant now) {
    lock.lock();
    try {
      var each = seen.values().iterator();
      while (each.hasNext() && each.next().plus(kept).isBefore(now)) {
        each.remove();
      }
      return seen.putIfAbsent(nonce, now) == null;
    } finally {
      lock.unlock();
    }
  }
}
