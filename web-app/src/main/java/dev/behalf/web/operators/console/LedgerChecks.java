package dev.behalf.web.operators.console;

import dev.behalf.invariant.Invariant;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.site.security.Caller;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Looks every ten minutes, in one replica, whether the books are in order: at what was written
 * since the last time, and the quarter of an hour before that once more. Each sentence may take
 * five seconds; one that takes longer says so and disturbs nobody.
 */
@Component
class LedgerChecks {

  private static final Duration OVERLAP = Duration.ofMinutes(15);

  /** After a long rest, and on demand. */
  private static final Duration FARTHEST = Duration.ofDays(1);

  /** An outcome may need a minute from the worker to the job's row. */
  private static final String SETTLED = "now() - interval '1 minute'";

  private static final int NAMED = 20;
  private static final int COUNT_TO = 1_000;

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final OperatorAudit log;

  LedgerChecks(JdbcClient database, TransactionTemplate transaction, OperatorAudit log) {
    this.database = database;
    this.transaction = transaction;
    this.log = log;
  }

  /**
   * What came of a sentence.
   *
   * @param broken how often; nothing where it took too long
   * @param users some of those it is about
   */
  record Check(String sentence, Instant at, @Nullable Long broken, List<UUID> users, int millis) {

    public boolean fails() {
      return broken != null && broken > 0;
    }
  }

  /** In the order of the sentences. */
  List<Check> list() {
    var order = Arrays.stream(Invariant.values()).map(Invariant::wire).toList();
    return database
        .sql("select * from ops.ledger_checks")
        .query(LedgerChecks::check)
        .list()
        .stream()
        .filter(check -> order.contains(check.sentence()))
        .sorted(Comparator.comparingInt(check -> order.indexOf(check.sentence())))
        .toList();
  }

  /** Since when rows were looked at the last time; nothing before the first. */
  @Nullable Instant since() {
    return database
        .sql("select nullif(began, '-infinity') from ops.ledger_runs where id = 1")
        .query((row, index) -> Optional.ofNullable(row.getObject(1, OffsetDateTime.class)))
        .single()
        .map(OffsetDateTime::toInstant)
        .orElse(null);
  }

  /** Whichever replica comes first has the turn. */
  @Scheduled(initialDelayString = "30s", fixedDelayString = "1m")
  void inTurn() {
    claim("ran_at < now() - interval '10 minutes'", OVERLAP).ifPresent(this::run);
  }

  /** A whole day, now; not while one is running that was begun within ten seconds. */
  void onDemand(Caller caller) {
    claim("ran_at < now() - interval '10 seconds'", FARTHEST)
        .ifPresent(
            since -> {
              transaction.executeWithoutResult(
                  status -> log.write(caller, "ledger.checked", null, Map.of()));
              run(since);
            });
  }

  private Optional<Instant> claim(String due, Duration back) {
    return Objects.requireNonNull(
        transaction.execute(
            status ->
                database
                    .sql(
                        """
                        update ops.ledger_runs
                        set began = greatest(least(ran_at, now()) - make_interval(secs => :back), now() - make_interval(secs => :farthest)),
                            ran_at = now()
                        where id = 1 and
                        """
                            + due
                            + " returning began")
                    .param("back", back.toSeconds())
                    .param("farthest", FARTHEST.toSeconds())
                    .query((row, index) -> Timestamps.instant(row, "began"))
                    .optional()));
  }

  private void run(Instant since) {
    for (var invariant : Invariant.values()) {
      var began = System.nanoTime();
      Check found;
      try {
        found = Objects.requireNonNull(transaction.execute(status -> count(invariant, since)));
      } catch (DataAccessException tookTooLong) {
        // Or it is broken itself: that must not hide what the others find.
        found = new Check(invariant.wire(), since, null, List.of(), 0);
      }
      write(found, (int) Duration.ofNanos(System.nanoTime() - began).toMillis());
    }
  }

  private Check count(Invariant invariant, Instant since) {
    database.sql("set local plan_cache_mode = force_custom_plan").update();
    database.sql("set local statement_timeout = '5s'").update();
    return database
        .sql(
            "with found as (select user_id from ("
                + invariant.query().replace(":settled", SETTLED)
                + ") broken limit "
                + COUNT_TO
                + ") select (select count(*) from found) as broken,"
                + " (select array_agg(user_id) from (select distinct user_id from found limit "
                + NAMED
                + ") some_of_them) as users")
        .param("since", Timestamps.of(since))
        .query(
            (row, index) ->
                new Check(invariant.wire(), since, row.getLong("broken"), users(row), 0))
        .single();
  }

  private void write(Check check, int millis) {
    database
        .sql(
            """
            insert into ops.ledger_checks (sentence, checked_at, broken, users, millis)
            values (:sentence, now(), :broken, :users::uuid[], :millis)
            on conflict (sentence) do update set checked_at = excluded.checked_at, broken = excluded.broken,
              users = excluded.users, millis = excluded.millis
            """)
        .param("sentence", check.sentence())
        .param("broken", check.broken())
        .param("users", check.users().toArray(UUID[]::new))
        .param("millis", millis)
        .update();
  }

  private static Check check(ResultSet row, int index) throws SQLException {
    return new Check(
        row.getString("sentence"),
        Timestamps.instant(row, "checked_at"),
        row.getObject("broken", Long.class),
        users(row),
        row.getInt("millis"));
  }

  private static List<UUID> users(ResultSet row) throws SQLException {
    var users = row.getArray("users");
    return users == null ? List.of() : List.of((UUID[]) users.getArray());
  }
}
