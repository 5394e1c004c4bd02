package dev.behalf.web.jobs;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Hop;
import dev.behalf.contract.Hop.Station;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.StrictJson;
import dev.behalf.signals.Signals;
import dev.behalf.web.jobs.Settlement.Move;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Writes outcomes into job rows: many in one transaction, each by its own verdict. */
@Component
class Settler {

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final Signals signals;
  private final Settlement settlement;
  private final ApplicationEventPublisher events;
  private final InstantSource clock;

  Settler(
      JdbcClient database,
      TransactionTemplate transaction,
      Signals signals,
      JobsSettings settings,
      ApplicationEventPublisher events,
      InstantSource clock) {
    this.database = database;
    this.transaction = transaction;
    this.signals = signals;
    this.settlement =
        new Settlement(
            new Backoff(settings.firstRetry(), settings.slowestRetry(), new SplittableRandom()),
            settings.maxAttempts());
    this.events = events;
    this.clock = clock;
  }

  private record Ref(UUID userId, UUID jobId) {
    static Ref of(JobOutcome outcome) {
      return new Ref(outcome.userId(), outcome.jobId());
    }
  }

  private record Row(Environment environment, JobState state, int attempt, Instant due) {}

  void settle(List<JobOutcome> outcomes) {
    var happened = Objects.requireNonNull(transaction.execute(status -> write(outcomes)));
    happened.forEach(events::publishEvent);
  }

  private List<JobEvent> write(List<JobOutcome> outcomes) {
    var rows = lock(outcomes);
    var happened = new ArrayList<JobEvent>();
    for (var outcome : outcomes) {
      var row = rows.get(Ref.of(outcome));
      var move =
          row == null ? null : settlement.decide(row.state(), row.attempt(), outcome).orElse(null);
      if (row == null || move == null || row.environment() != outcome.environment()) {
        happened.add(new JobEvent.OutcomeIgnored(outcome.userId(), outcome.jobId()));
      } else {
        update(row, outcome, move);
        rows.put(Ref.of(outcome), new Row(row.environment(), move.to(), row.attempt(), row.due()));
        happened.add(event(row, outcome, move));
      }
    }
    // There is room in the window again.
    signals.say(Jobs.QUEUED, "");
    return happened;
  }

  /**
   * Locks first and reads the state then: the dispatcher may still hold the row, and what counts is
   * the state after its commit. In one order, so that two replicas never wait for each other.
   */
  private Map<Ref, Row> lock(List<JobOutcome> outcomes) {
    var rows = new HashMap<Ref, Row>();
    database
        .sql(
            """
            select user_id, id, environment, state, attempt, greatest(created_at, not_before) as due
            from jobs.jobs
            where (user_id, id) in (select * from unnest(:users::uuid[], :ids::uuid[]))
            order by user_id, id for update
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
                      row.getObject("due", OffsetDateTime.class).toInstant()));
            });
    return rows;
  }

  private void update(Row row, JobOutcome outcome, Move move) {
    var now = clock.instant();
    var hops = new ArrayList<>(outcome.hops());
    hops.add(new Hop(Station.SETTLED, now));
    database
        .sql(
            """
            update jobs.jobs
            set state = :to, attempt = greatest(attempt, :attempt), units = :units, key_id = :key_id, code = :code,
                detail = :detail, hops = hops || :hops::jsonb, not_before = :not_before, lease_until = null,
                finished_at = case when :final then :now end
            where user_id = :user and id = :id and state = :from
            """)
        .param("to", move.to().wire())
        .param("from", row.state().wire())
        .param("attempt", outcome.attempt())
        .param("units", move.units())
        .param("key_id", move.keyId())
        .param("code", move.code())
        .param("detail", move.detail())
        .param("hops", new String(StrictJson.write(hops), StandardCharsets.UTF_8))
        .param("not_before", now.plus(move.pause()).atOffset(ZoneOffset.UTC))
        .param("final", move.to().isFinal())
        .param("now", now.atOffset(ZoneOffset.UTC))
        .param("user", outcome.userId())
        .param("id", outcome.jobId())
        .update();
    signals.say(Jobs.CHANGED, outcome.userId() + " " + outcome.jobId() + " " + move.to().wire());
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
