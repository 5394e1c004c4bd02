package dev.behalf.contract;

import java.time.Instant;
import java.util.UUID;

/**
 * A worker says that it lives. Nobody has to hear it: it expires, and where no web-app has made the
 * queue it goes nowhere.
 *
 * @param worker of this process; another one after a restart
 * @param name for people: where it runs
 * @param inHand jobs that it has taken and not yet answered for
 * @param done jobs that it has answered for since it started
 */
public record WorkerHeartbeat(
    int v,
    UUID worker,
    String name,
    String version,
    Instant startedAt,
    Instant sentAt,
    int inHand,
    long done) {

  public static final int VERSION = 1;

  /** At the default exchange. */
  public static final String QUEUE = "worker-heartbeats";

  /** Milliseconds until one that nobody has read is gone, and how many there are at most. */
  public static final int TTL_MILLIS = 15_000;

  public static final int MOST = 1_000;
}
