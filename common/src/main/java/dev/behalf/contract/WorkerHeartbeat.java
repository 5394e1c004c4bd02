package dev.behalf.contract;

import java.time.Instant;
import java.util.UUID;

/**
 * A heartbeat: a worker reports that it is running. A heartbeat may be lost: it expires, and the
 * broker drops it if no web-app has created the queue.
 *
 * @param worker the id of the process; a restart changes it
 * @param name the process and its host, for people to read
 * @param inHand the number of jobs that the worker has received and not yet answered
 * @param done the number of jobs that the worker has answered since it started
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

  /** The queue, published to through the default exchange. */
  public static final String QUEUE = "worker-heartbeats";

  /**
   * The lifetime of an unread heartbeat, in milliseconds; the queue holds {@link #MOST} at most.
   */
  public static final int TTL_MILLIS = 15_000;

  public static final int MOST = 1_000;
}
