package dev.behalf.compute.engines;

import dev.behalf.server.sql.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * The health of engine servers: a circuit for each, in rows that all replicas share. It opens at
 * once when no connection can be made, and after several failed calls in a row of more than one
 * user: what a single user sends closes no engine for others. While it is open, no call is made,
 * and web-app dispatches no job. The next job closes it, or opens it for longer. There are no
 * probes: health is what calls show.
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
  private final Map<String, Long> notedAt = new ConcurrentHashMap<>();

  EngineHealth(JdbcClient database, ApplicationEventPublisher events) {
    this.database = database;
    this.events = events;
  }

  /** The state of a circuit. */
  sealed interface Circuit {

    record Closed() implements Circuit {}

    /** No call is made. */
    record Open(Duration rest) implements Circuit {}

    /** The circuit was open: jobs show whether the server answers again. */
    record OnTrial() implements Circuit {}
  }

  /**
   * What this replica knows of a server.
   *
   * @param openFor how long the circuit is open from {@code readAt} on, negative once that is over;
   *     null while it is closed
   * @param isSound whether no call has failed since the last answer
   */
  private record Known(@Nullable Duration openFor, boolean isSound, long readAt) {

    boolean isOld() {
      return System.nanoTime() - readAt > MAX_AGE.toNanos();
    }

    Circuit circuit() {
      if (openFor == null) {
        return new Circuit.Closed();
      }
      var rest = openFor.minusNanos(System.nanoTime() - readAt);
      return rest.isPositive() ? new Circuit.Open(rest) : new Circuit.OnTrial();
    }
  }

  /** Returns the state of a server's circuit; if the database is away, the last one known. */
  Circuit circuit(String server) {
    var known = servers.get(server);
    if (known == null || known.isOld()) {
      try {
        known = read(server);
        servers.put(server, known);
      } catch (DataAccessException | TransactionException databaseAway) {
        return known == null ? new Circuit.Closed() : known.circuit();
      }
    }
    return known.circuit();
  }

  private Known read(String server) {
    return database
        .sql(
            """
            select failures = 0 and open_until is null as sound, extract(epoch from open_until - now()) as seconds
            from compute.engines where server = ?
            """)
        .param(server)
        .query(
            (row, index) -> {
              var isSound = row.getBoolean("sound");
              var seconds = row.getDouble("seconds");
              return new Known(
                  row.wasNull() ? null : Duration.ofMillis((long) (seconds * 1000)),
                  isSound,
                  System.nanoTime());
            })
        .optional()
        .orElseGet(() -> new Known(null, true, System.nanoTime()));
  }

  /** Notes that the server has answered, whatever it has answered. */
  void answered(String server) {
    var known = servers.get(server);
    var noted = notedAt.get(server);
    if (known != null
        && known.isSound()
        && noted != null
        && System.nanoTime() - noted < NOTED_EVERY.toNanos()) {
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
                      set failures = 0, failed_user = null, of_many = false, opens = 0, open_until = null,
                          away_since = null, answered_at = now(),
                          changed_at = case when e.open_until is null then e.changed_at else now() end
                      returning (select o.open_until from compute.engines o where o.server = :server) is not null as was_open
                      """)
                  .param("server", server)
                  .query((row, index) -> row.getBoolean("was_open"))
                  .single();
          servers.put(server, new Known(null, true, System.nanoTime()));
          notedAt.put(server, System.nanoTime());
          if (wasOpen) {
            events.publishEvent(new EngineServerEvent.Closed(server));
          }
        });
  }

  /**
   * A failed call.
   *
   * @param isUnreachable whether no connection was made, which nothing that a user sends can cause
   * @param took how long the call took: one that began before the circuit opened does not prolong
   *     it
   * @param reason for operators; quotes nothing that the engine or a user has sent
   */
  record Failure(UUID userId, boolean isUnreachable, Duration took, String reason) {}

  /**
   * Counts a failure. The circuit is open for 5 s after it opens first, and each time for twice as
   * long, up to 5 minutes.
   */
  void failed(String server, Failure failure) {
    write(
        () -> {
          var opened =
              database
                  .sql(NOTE)
                  .param("server", server)
                  .param("enough", FAILURES)
                  .param("unreachable", failure.isUnreachable())
                  .param("user", failure.userId())
                  .param("took", failure.took().toMillis() / 1e3)
                  .param("reason", failure.reason())
                  .query(
                      (row, index) ->
                          row.getBoolean("opened")
                              ? Optional.of(Timestamps.instant(row, "open_until"))
                              : Optional.<Instant>empty())
                  .single();
          servers.remove(server);
          opened.ifPresent(
              until ->
                  events.publishEvent(
                      new EngineServerEvent.Opened(server, until, failure.reason())));
        });
  }

  /** Notes what operators have to mend, without counting it. */
  void remark(String server, String reason) {
    write(
        () ->
            database
                .sql(
                    """
                    insert into compute.engines (server, reason, failed_at, changed_at) values (:server, :reason, now(), now())
                    on conflict (server) do update set reason = excluded.reason, failed_at = now()
                    """)
                .param("server", server)
                .param("reason", reason)
                .update());
  }

  private static final String NOTE =
      """
      insert into compute.engines as e (server, failures, failed_user, opens, open_until, away_since, reason, failed_at,
                                        changed_at)
      values (:server, 1, :user, case when :unreachable then 1 else 0 end,
              case when :unreachable then now() + interval '5 seconds' end,
              case when :unreachable then now() end, :reason, now(), now())
      on conflict (server) do update
      set failures = e.failures + 1, reason = :reason, failed_at = now(),
          failed_user = coalesce(e.failed_user, :user), of_many = e.of_many or coalesce(e.failed_user <> :user, false),
          opens = case when :opens then e.opens + 1 else e.opens end,
          open_until = case when :opens
            then now() + least(interval '5 minutes', interval '5 seconds' * power(2, least(e.opens, 10)))
            else e.open_until end,
          away_since = case when :opens then coalesce(e.away_since, now()) else e.away_since end,
          changed_at = case when :opens then now() else e.changed_at end
      returning open_until, changed_at = now() and open_until is not null as opened
      """
          .replace(
              ":opens",
              """
              (coalesce(e.open_until <= now(), true)
               and (e.opens = 0 or now() - make_interval(secs => :took) >= e.changed_at)
               and (:unreachable or e.opens > 0
                    or (e.failures + 1 >= :enough and (e.of_many or coalesce(e.failed_user <> :user, false)))))\
              """);

  private static void write(Runnable note) {
    try {
      note.run();
    } catch (DataAccessException | TransactionException databaseAway) {
      // The next call tells again; the readiness check shows that the database is away.
    }
  }
}
