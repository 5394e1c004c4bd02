package dev.behalf.web.operators.console;

import dev.behalf.invariant.Invariant;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.site.security.Caller;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
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
 * Checks the invariants of jobs and ledger every ten minutes, in one replica, over the rows written
 * since the last run and in the 15 minutes before it. Each query has a timeout of five seconds; a
 * check that times out is recorded as such and does not affect the others.
 */
@Component
class LedgerChecks {

  private static final Duration OVERLAP = Duration.ofMinutes(15);

  /** How far back a check looks after a long pause, and on demand. */
  private static final Duration FARTHEST = Duration.ofDays(1);

  /** An outcome may take a minute from the worker to the job's row. */
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
   * The result of one check.
   *
   * @param broken the number of violations, at most 1,000; null if the query failed or timed out
   * @param users at most 20 of the users concerned
   */
  record Check(String sentence, Instant at, @Nullable Long broken, List<UUID> users, int millis) {

    public boolean fails() {
      return broken != null && broken > 0;
    }
  }

  /**
   * What is held now, and what engines reported above their holds in the last 24 hours.
   *
   * @param open the number of open holds
   * @param above the number of jobs with such a report
   * @param unitsAbove the units that were reported and not charged
   */
  record Holds(long open, long units, long above, long unitsAbove) {}

  Holds holds() {
    return database
        .sql(
            """
            select h.open, h.units, l.above, l.units_above
            from (select count(*) as open, coalesce(sum(units), 0) as units from compute.holds) h
            cross join (select count(*) as above, coalesce(sum(reported - units), 0) as units_above from compute.ledger
                        where created_at > now() - interval '24 hours' and reported is not null) l
            """)
        .query(
            (row, index) ->
                new Holds(
                    row.getLong("open"),
                    row.getLong("units"),
                    row.getLong("above"),
                    row.getLong("units_above")))
        .single();
  }

  /** Returns the latest result of each check, in the order of the invariants. */
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

  /** Returns the start of the time that the last run covered; null before the first run. */
  @Nullable Instant since() {
    return database
        .sql("select nullif(began, '-infinity') as began from ops.ledger_runs where id = 1")
        .query((row, index) -> Optional.ofNullable(Timestamps.instantOrNull(row, "began")))
        .single()
        .orElse(null);
  }

  /** Runs the checks if they are due and no other replica has claimed the run. */
  @Scheduled(initialDelayString = "30s", fixedDelayString = "1m")
  void inTurn() {
    claim("ran_at < now() - interval '10 minutes'", OVERLAP).ifPresent(this::run);
  }

  /** Checks the last day now, unless a run began within the last ten seconds. */
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
        // A timeout or a faulty query must not hide the results of the other checks.
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
                + invariant.query(":since", SETTLED)
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
