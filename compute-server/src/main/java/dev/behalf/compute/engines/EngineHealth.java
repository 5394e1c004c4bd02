package dev.behalf.compute.engines;

import dev.behalf.server.sql.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * The health of engine servers: a circuit for each, in rows that all replicas share. It opens when
 * an engine cannot be called at all, or has failed several times in a row; then no call is made for
 * a while, and web-app dispatches no job. The next call closes it, or opens it for longer. There
 * are no probes: health is what calls show.
 */
@Component
class EngineHealth {

  /** Calls that fail in a row before the circuit opens. */
  private static final int FAILURES = 5;

  private static final Duration MAX_AGE = Duration.ofSeconds(1);

  /** How often an engine that answers is written down as such. */
  private static final Duration NOTED_EVERY = Duration.ofSeconds(10);

  private final JdbcClient database;
  private final ApplicationEventPublisher events;
  private final Map<String, Known> servers = new ConcurrentHashMap<>();

  EngineHealth(JdbcClient database, ApplicationEventPublisher events) {
    this.database = database;
    this.events = events;
  }

  /**
   * What this replica knows of a server.
   *
   * @param openFor how long the circuit is open from {@code readAt} on; null while it is closed
   * @param notedAt when an answer was written down; both times as of {@link System#nanoTime}
   */
  private record Known(@Nullable Duration openFor, boolean isSound, long readAt, long notedAt) {

    boolean isOld() {
      return System.nanoTime() - readAt > MAX_AGE.toNanos();
    }

    Optional<Duration> rest() {
      return Optional.ofNullable(openFor)
          .map(open -> open.minusNanos(System.nanoTime() - readAt))
          .filter(Duration::isPositive);
    }
  }

  /** Returns how long the circuit stays open; empty if the server can be called. */
  Optional<Duration> open(String server) {
    return servers
        .compute(
            server, (same, known) -> known == null || known.isOld() ? read(server, known) : known)
        .rest();
  }

  private Known read(String server, @Nullable Known before) {
    var notedAt = before == null ? System.nanoTime() - NOTED_EVERY.toNanos() : before.notedAt();
    return database
        .sql(
            """
            select failures = 0 and open_until is null as sound, extract(epoch from open_until - now()) as seconds
            from compute.engines where server = ?
            """)
        .param(server)
        .query(
            (row, index) -> {
              var seconds = row.getDouble("seconds");
              return new Known(
                  row.wasNull() ? null : Duration.ofMillis((long) (seconds * 1000)),
                  row.getBoolean("sound"),
                  System.nanoTime(),
                  notedAt);
            })
        .optional()
        .orElseGet(() -> new Known(null, true, System.nanoTime(), notedAt));
  }

  /** Notes that the server has answered, whatever it has answered. */
  void answered(String server) {
    var known = servers.get(server);
    if (known != null
        && known.isSound()
        && System.nanoTime() - known.notedAt() < NOTED_EVERY.toNanos()) {
      return;
    }
    write(
        () -> {
          var wasOpen =
              database
                  .sql(
                      """
                      insert into compute.engines as e (server, answered_at, changed_at) values (:server, now(), now())
                      on conflict (server) do update
                      set failures = 0, opens = 0, open_until = null, answered_at = now(),
                          changed_at = case when e.open_until is null then e.changed_at else now() end
                      returning (select o.open_until from compute.engines o where o.server = :server) is not null as was_open
                      """)
                  .param("server", server)
                  .query((row, index) -> row.getBoolean("was_open"))
                  .single();
          servers.put(server, new Known(null, true, System.nanoTime(), System.nanoTime()));
          if (wasOpen) {
            events.publishEvent(new EngineServerEvent.Closed(server));
          }
        });
  }

  /** Notes a failed call; after several in a row, the circuit opens. */
  void failed(String server, String reason) {
    note(server, reason, FAILURES);
  }

  /** Notes that the server cannot be called: the circuit opens at once. */
  void unusable(String server, String reason) {
    note(server, reason, 1);
  }

  /**
   * Counts a failure. The circuit is open for 5 s after it opens first, and each time for twice as
   * long, up to 5 minutes. Calls that were under way when it opened do not prolong it.
   */
  private void note(String server, String reason, int enough) {
    write(
        () -> {
          var opened =
              database
                  .sql(
                      """
                      insert into compute.engines as e (server, failures, opens, open_until, reason, failed_at, changed_at)
                      values (:server, 1, case when :enough = 1 then 1 else 0 end,
                              case when :enough = 1 then now() + interval '5 seconds' end, :reason, now(), now())
                      on conflict (server) do update
                      set failures = e.failures + 1, reason = :reason, failed_at = now(),
                          opens = case when :opens then e.opens + 1 else e.opens end,
                          open_until = case when :opens
                            then now() + least(interval '5 minutes', interval '5 seconds' * power(2, least(e.opens, 10)))
                            else e.open_until end,
                          changed_at = case when :opens then now() else e.changed_at end
                      returning open_until, changed_at = now() and open_until is not null as opened
                      """
                          .replace(
                              ":opens",
                              "((e.failures + 1 >= :enough or e.opens > 0) and coalesce(e.open_until <= now(), true))"))
                  .param("server", server)
                  .param("enough", enough)
                  .param("reason", reason)
                  .query(
                      (row, index) ->
                          row.getBoolean("opened")
                              ? Optional.of(Timestamps.instant(row, "open_until"))
                              : Optional.<Instant>empty())
                  .single();
          servers.remove(server);
          opened.ifPresent(
              until -> events.publishEvent(new EngineServerEvent.Opened(server, until, reason)));
        });
  }

  private static void write(Runnable note) {
    try {
      note.run();
    } catch (DataAccessException | TransactionException databaseAway) {
      // The next call tells again; the readiness check shows that the database is away.
    }
  }
}
