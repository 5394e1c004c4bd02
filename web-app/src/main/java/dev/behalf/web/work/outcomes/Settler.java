package dev.behalf.web.work.outcomes;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Hop;
import dev.behalf.contract.Hop.Station;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobState;
import dev.behalf.contract.StrictJson;
import dev.behalf.operation.Definition;
import dev.behalf.operation.Engine;
import dev.behalf.server.operations.Operation;
import dev.behalf.server.operations.OperationCatalogue;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.work.jobs.JobChanges;
import dev.behalf.web.work.jobs.JobEvent;
import dev.behalf.web.work.jobs.JobsSettings;
import dev.behalf.web.work.outcomes.Settlement.Move;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Writes outcomes into job rows: many in one transaction, each with its own verdict. */
@Component
class Settler {

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final JobChanges changed;
  private final Settlement settlement;
  private final int maxAttempts;
  private final OperationCatalogue operations;
  private final ApplicationEventPublisher events;
  private final InstantSource clock;

  Settler(
      JdbcClient database,
      TransactionTemplate transaction,
      JobChanges changed,
      JobsSettings settings,
      OperationCatalogue operations,
      ApplicationEventPublisher events,
      InstantSource clock) {
    this.database = database;
    this.transaction = transaction;
    this.changed = changed;
    this.settlement =
        new Settlement(
            new Backoff(settings.firstRetry(), settings.slowestRetry(), new SplittableRandom()));
    this.maxAttempts = settings.maxAttempts();
    this.operations = operations;
    this.events = events;
    this.clock = clock;
  }

  private record Ref(UUID userId, UUID jobId) {
    static Ref of(JobOutcome outcome) {
      return new Ref(outcome.userId(), outcome.jobId());
    }
  }

  private record Row(
      Environment environment,
      JobState state,
      int attempt,
      @Nullable String code,
      Instant due,
      @Nullable Instant waitingSince,
      String operation,
      int version,
      Settlement.@Nullable Charge charge) {

    Row in(JobState next) {
      return new Row(
          environment, next, attempt, code, due, waitingSince, operation, version, charge);
    }
  }

  private record Change(Row row, JobOutcome outcome, Move move) {}

  void settle(List<JobOutcome> outcomes) {
    var happened = Objects.requireNonNull(transaction.execute(status -> write(outcomes)));
    events.publishEvent(new JobEvent.BatchSettled(happened));
  }

  private List<JobEvent> write(List<JobOutcome> outcomes) {
    var rows = lock(outcomes);
    var happened = new ArrayList<JobEvent>();
    var changes = new LinkedHashMap<Ref, Change>();
    for (var outcome : outcomes) {
      var row = rows.get(Ref.of(outcome));
      var move =
          row == null
              ? null
              : settlement
                  .decide(row.state(), row.attempt(), row.code(), outcome, rules(row), row.charge())
                  .orElse(null);
      if (row != null
          && outcome.verdict() instanceof JobOutcome.Succeeded
          && row.charge() == null) {
        happened.add(new JobEvent.SuccessNotSaved(outcome.userId(), outcome.jobId()));
      }
      if (row == null || move == null || row.environment() != outcome.environment()) {
        happened.add(new JobEvent.OutcomeIgnored(outcome.userId(), outcome.jobId()));
      } else {
        changes.put(Ref.of(outcome), new Change(row, outcome, move));
        rows.put(Ref.of(outcome), row.in(move.to()));
        happened.add(event(row, outcome, move));
      }
    }
    if (!changes.isEmpty()) {
      update(List.copyOf(changes.values()));
    }
    return happened;
  }

  /**
   * Locks the job rows and reads their state under the lock, because the dispatcher may still hold
   * a row and the state after its commit is what counts. Every replica locks in the same order, so
   * two of them cannot deadlock. Charges are visible here: compute-server commits a charge before
   * it answers the worker.
   */
  private Map<Ref, Row> lock(List<JobOutcome> outcomes) {
    var rows = new HashMap<Ref, Row>();
    database
        .sql(
            """
            select j.user_id, j.id, j.environment, j.state, j.attempt, j.code, greatest(j.created_at, j.not_before) as due,
                   j.waiting_since, j.operation, j.operation_version, l.units, l.key_id
            from jobs.jobs j left join compute.ledger l on l.user_id = j.user_id and l.job_id = j.id
              and l.environment = j.environment and l.outcome = 'succeeded'
            where (j.user_id, j.id) in (select * from unnest(:users::uuid[], :ids::uuid[]))
            order by j.user_id, j.id for update of j
            """)
        .param("users", outcomes.stream().map(JobOutcome::userId).toArray(UUID[]::new))
        .param("ids", outcomes.stream().map(JobOutcome::jobId).toArray(UUID[]::new))
        .query(
            row -> {
              rows.put(
                  new Ref(row.getObject("user_id", UUID.class), row.getObject("id", UUID.class)),
                  new Row(
                      Environment.of(row.getString("environment")),
                      JobState.of(row.getString("state")),
                      row.getInt("attempt"),
                      row.getString("code"),
                      Timestamps.instant(row, "due"),
                      Timestamps.instantOrNull(row, "waiting_since"),
                      row.getString("operation"),
                      row.getInt("operation_version"),
                      charge(row)));
            });
    return rows;
  }

  private static Settlement.@Nullable Charge charge(ResultSet row) throws SQLException {
    var keyId = row.getString("key_id");
    return keyId == null ? null : new Settlement.Charge(row.getLong("units"), keyId);
  }

  private Settlement.Rules rules(Row row) {
    return operations
        .version(row.operation(), row.version())
        .map(Operation::definition)
        .map(definition -> rules(row, definition))
        .orElseGet(() -> new Settlement.Rules(maxAttempts, true, null));
  }

  private Settlement.Rules rules(Row row, Definition definition) {
    var limits = definition.limits();
    var attempts = Math.min(maxAttempts, limits.attempts());
    return definition.engine() instanceof Engine.Builtin
        ? new Settlement.Rules(attempts, true, null)
        : new Settlement.Rules(
            attempts,
            false,
            row.waitingSince() == null
                ? limits.startWithin()
                : limits
                    .startWithin()
                    .minus(Duration.between(row.waitingSince(), clock.instant())));
  }

  /** Updates all rows in one statement, without a check of their state: the rows are locked. */
  private void update(List<Change> changes) {
    var now = clock.instant();
    database
        .sql(
            """
            update jobs.jobs j
            set state = s.state, units = s.units, key_id = s.key_id,
                attempt = greatest(j.attempt, s.attempt) - case when s.counts then 0 else 1 end,
                code = s.code, detail = s.detail, lease_until = null,
                waiting_since = case when not s.counts then coalesce(j.waiting_since, now()) end,
                -- What was no attempt is no part of the way: of a job that waits for long there would be no end of it.
                hops = case when s.counts then j.hops || s.hops::jsonb
                            when j.state = 'dispatched' then j.hops - (-1) else j.hops end,
                not_before = now() + make_interval(secs => s.pause), finished_at = case when s.final then now() end
            from unnest(:users::uuid[], :ids::uuid[], :states::text[], :attempts::integer[], :units::bigint[],
                        :keys::text[], :codes::text[], :details::text[], :hops::text[], :pauses::double precision[],
                        :finals::boolean[], :counts::boolean[])
              as s (user_id, id, state, attempt, units, key_id, code, detail, hops, pause, final, counts)
            where j.user_id = s.user_id and j.id = s.id
            """)
        .param("users", changes.stream().map(c -> c.outcome().userId()).toArray(UUID[]::new))
        .param("ids", changes.stream().map(c -> c.outcome().jobId()).toArray(UUID[]::new))
        .param("states", texts(changes, c -> c.move().to().wire()))
        .param("attempts", changes.stream().mapToInt(c -> c.outcome().attempt()).toArray())
        .param("units", changes.stream().map(c -> c.move().units()).toArray(Long[]::new))
        .param("keys", texts(changes, c -> c.move().keyId()))
        .param("codes", texts(changes, c -> c.move().code()))
        .param("details", texts(changes, c -> c.move().detail()))
        .param("hops", texts(changes, c -> hops(c.outcome(), now)))
        .param(
            "pauses",
            changes.stream().mapToDouble(c -> c.move().pause().toMillis() / 1e3).toArray())
        .param("counts", changes.stream().map(c -> c.move().isAttempt()).toArray(Boolean[]::new))
        .param("finals", changes.stream().map(c -> c.move().to().isFinal()).toArray(Boolean[]::new))
        .update();
    changed.publish(
        changes.stream()
            .map(
                c ->
                    new JobChanges.Change(c.outcome().userId(), c.outcome().jobId(), c.move().to()))
            .toList());
  }

  private static String[] texts(List<Change> changes, Function<Change, @Nullable String> text) {
    return changes.stream().map(text).toArray(String[]::new);
  }

  private static String hops(JobOutcome outcome, Instant now) {
    var hops = new ArrayList<>(outcome.hops());
    hops.add(new Hop(Station.SETTLED, now));
    return StrictJson.text(hops);
  }

  private static JobEvent event(Row row, JobOutcome outcome, Move move) {
    var taken = at(outcome, Station.TAKEN);
    var answered = at(outcome, Station.ANSWERED);
    return new JobEvent.Settled(
        outcome.userId(),
        outcome.jobId(),
        row.environment(),
        move.to(),
        move.code(),
        move.keyId(),
        taken == null ? null : Duration.between(row.due(), taken),
        taken == null || answered == null ? null : Duration.between(taken, answered));
  }

  private static @Nullable Instant at(JobOutcome outcome, Station station) {
    return outcome.hops().stream()
        .filter(hop -> hop.station() == station)
        .map(Hop::at)
        .findFirst()
        .orElse(null);
  }
}
