package dev.behalf.server.apikeys;

import dev.behalf.server.apikeys.KeyCheck.Accepted;
import dev.behalf.server.apikeys.KeyCheck.Client;
import dev.behalf.server.apikeys.KeyCheck.Refused;
import dev.behalf.server.sql.Timestamps;
import java.sql.Date;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Records when, from where and how often each key is used, and why it is refused. The figures are
 * counted in memory and written outside the requests: at most once per {@link #QUIET} for each key,
 * and within a second for the first use after a pause. A crash loses up to a minute of figures,
 * never a charge.
 */
public final class KeyUsage implements KeyCheck.Listener, DisposableBean {

  /**
   * How far the last-used time in the database may lag: the interval between two writes for a key.
   */
  public static final Duration QUIET = Duration.ofMinutes(1);

  private static final int MAX_AGENT = 200;

  private final JdbcClient database;
  private final InstantSource clock;
  private final Map<Key, Uses> pending = new ConcurrentHashMap<>();

  public KeyUsage(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  private record Key(UUID userId, String keyId) {}

  private record Refusal(LocalDate day, KeyCheck.Reason reason) {}

  /**
   * The figures of one key that are not written yet. While an instance is in the map, only atomic
   * operations of the map access it.
   */
  private static final class Uses {
    private final Instant written;
    private final Map<LocalDate, Long> calls = new HashMap<>();
    private final Map<Refusal, Long> refusals = new HashMap<>();
    private @Nullable Client last;
    private Instant lastAt = Instant.EPOCH;

    private Uses(Instant written) {
      this.written = written;
    }

    private boolean isEmpty() {
      return calls.isEmpty() && refusals.isEmpty();
    }
  }

  @Override
  public void heard(KeyCheck check) {
    var now = clock.instant();
    var day = now.atOffset(ZoneOffset.UTC).toLocalDate();
    switch (check) {
      case Accepted accepted ->
          count(
              new Key(accepted.holder().userId(), accepted.holder().keyId()),
              uses -> {
                uses.calls.merge(day, 1L, Long::sum);
                uses.last = accepted.client();
                uses.lastAt = now;
              });
      case Refused refused -> {
        if (refused.userId() != null && refused.keyId() != null) {
          count(
              new Key(refused.userId(), refused.keyId()),
              uses -> uses.refusals.merge(new Refusal(day, refused.reason()), 1L, Long::sum));
        }
      }
    }
  }

  @Scheduled(fixedDelayString = "1s")
  public void write() {
    write(clock.instant().minus(QUIET));
  }

  /** Writes the figures still in memory before the server stops. */
  @Override
  public void destroy() {
    write(Instant.MAX);
  }

  private void count(Key key, Consumer<Uses> change) {
    pending.compute(
        key,
        (k, known) -> {
          var uses = known == null ? new Uses(Instant.EPOCH) : known;
          change.accept(uses);
          return uses;
        });
  }

  private void write(Instant writtenBefore) {
    for (var key : pending.keySet()) {
      var due = takeIfDue(key, writtenBefore);
      if (due != null) {
        try {
          write(key, due);
        } catch (DataAccessResourceFailureException databaseAway) {
          // Each of the other keys would wait as long for a connection; a later run writes them.
          putBack(key, due);
          return;
        } catch (DataAccessException keyGone) {
          // Drop the figures of a deleted key: keeping them would let memory grow without bound.
        }
      }
    }
  }

  private @Nullable Uses takeIfDue(Key key, Instant writtenBefore) {
    var taken = new AtomicReference<@Nullable Uses>();
    pending.computeIfPresent(
        key,
        (k, uses) -> {
          if (uses.written.isAfter(writtenBefore)) {
            return uses;
          }
          if (uses.isEmpty()) {
            return null;
          }
          taken.set(uses);
          return new Uses(clock.instant());
        });
    return taken.get();
  }

  private void putBack(Key key, Uses due) {
    count(
        key,
        uses -> {
          due.calls.forEach((day, calls) -> uses.calls.merge(day, calls, Long::sum));
          due.refusals.forEach((refusal, calls) -> uses.refusals.merge(refusal, calls, Long::sum));
          if (uses.last == null) {
            uses.last = due.last;
            uses.lastAt = due.lastAt;
          }
        });
  }

  private void write(Key key, Uses uses) {
    uses.calls.forEach(
        (day, calls) ->
            database
                .sql(
                    """
                    insert into accounts.key_days (user_id, key_id, day, calls) values (?, ?, ?, ?)
                    on conflict (user_id, key_id, day) do update set calls = key_days.calls + excluded.calls
                    """)
                .params(key.userId(), key.keyId(), Date.valueOf(day), calls)
                .update());
    uses.refusals.forEach(
        (refusal, calls) ->
            database
                .sql(
                    """
                    insert into accounts.key_refusals (user_id, key_id, day, reason, calls)
                    values (?, ?, ?, ?, ?)
                    on conflict (user_id, key_id, day, reason)
                      do update set calls = key_refusals.calls + excluded.calls
                    """)
                .params(
                    key.userId(),
                    key.keyId(),
                    Date.valueOf(refusal.day()),
                    refusal.reason().wire(),
                    calls)
                .update());
    if (uses.last != null) {
      database
          .sql(
              """
              insert into accounts.key_last_used (user_id, key_id, used_at, address, user_agent)
              values (?, ?, ?, ?, ?)
              on conflict (user_id, key_id) do update
              set used_at = excluded.used_at, address = excluded.address, user_agent = excluded.user_agent
              where key_last_used.used_at < excluded.used_at
              """)
          .params(
              key.userId(),
              key.keyId(),
              Timestamps.of(uses.lastAt),
              uses.last.address(),
              shortened(uses.last.userAgent()))
          .update();
    }
  }

  private static String shortened(String userAgent) {
    var printable = userAgent.replaceAll("[^\\x20-\\x7e]", "?");
    return printable.length() <= MAX_AGENT ? printable : printable.substring(0, MAX_AGENT);
  }
}
