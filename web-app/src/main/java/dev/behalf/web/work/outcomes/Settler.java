package dev.behalf.web.work.outcomes;

import dev.behalf.contract.Hop;
import dev.behalf.contract.Hop.Station;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobState;
import dev.behalf.start.WarmUp;
import dev.behalf.web.work.jobs.JobEvent;
import dev.behalf.web.work.outcomes.JobRows.Change;
import dev.behalf.web.work.outcomes.JobRows.Ref;
import dev.behalf.web.work.outcomes.JobRows.Row;
import dev.behalf.web.work.outcomes.Settlement.Move;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Moves jobs by what workers report and by how runs end: many in one transaction, each with its own
 * decision.
 */
@Component
class Settler implements WarmUp {

  private final JobRows rows;
  private final OperationRules rules;
  private final Settlement settlement;
  private final TransactionTemplate transaction;
  private final ApplicationEventPublisher events;

  Settler(
      JobRows rows,
      OperationRules rules,
      Settlement settlement,
      TransactionTemplate transaction,
      ApplicationEventPublisher events) {
    this.rows = rows;
    this.rules = rules;
    this.settlement = settlement;
    this.transaction = transaction;
    this.events = events;
  }

  /** Settles what workers report. */
  void settle(List<JobOutcome> outcomes) {
    events.publishEvent(new JobEvent.BatchSettled(store(outcomes)));
  }

  /** As {@link #settle}, but returns the events instead of reporting them. */
  List<JobEvent> store(List<JobOutcome> outcomes) {
    return Objects.requireNonNull(transaction.execute(status -> write(outcomes)));
  }

  /** Settles the ends of the runs of these jobs. */
  void settleRuns(Collection<Ref> jobs) {
    var happened = Objects.requireNonNull(transaction.execute(status -> writeRuns(jobs)));
    events.publishEvent(new JobEvent.BatchSettled(happened));
  }

  private List<JobEvent> write(List<JobOutcome> outcomes) {
    var locked = rows.lock(outcomes.stream().map(Settler::ref).toList());
    var happened = new ArrayList<JobEvent>();
    var changes = new LinkedHashMap<Ref, Change>();
    for (var outcome : outcomes) {
      var ref = ref(outcome);
      var row = locked.get(ref);
      var move =
          row == null ? Optional.<Move>empty() : settlement.decide(row, outcome, rules.of(row));
      if (row != null
          && outcome.verdict() instanceof JobOutcome.Succeeded
          && row.charge() == null) {
        happened.add(new JobEvent.SuccessNotSaved(ref.userId(), ref.jobId()));
      }
      if (row == null || move.isEmpty() || row.environment() != outcome.environment()) {
        happened.add(new JobEvent.OutcomeIgnored(ref.userId(), ref.jobId()));
      } else {
        changes.put(ref, new Change(row, move.get(), outcome.attempt(), outcome.hops(), null));
        locked.put(ref, row.in(move.get().to()));
        happened.add(event(row, outcome, move.get()));
      }
    }
    if (!changes.isEmpty()) {
      rows.update(List.copyOf(changes.values()));
    }
    return happened;
  }

  private List<JobEvent> writeRuns(Collection<Ref> jobs) {
    var happened = new ArrayList<JobEvent>();
    var changes = new ArrayList<Change>();
    for (var row : rows.lock(jobs).values()) {
      var run = row.run();
      var endedAt = run == null ? null : run.endedAt();
      if (run != null && endedAt != null) {
        settlement
            .decide(row, run, rules.of(row))
            .ifPresent(
                move -> {
                  var hops = List.of(new Hop(Station.ENDED, endedAt));
                  changes.add(new Change(row, move, run.attempt(), hops, run.epoch()));
                  happened.add(event(row, run, move));
                });
      }
    }
    if (!changes.isEmpty()) {
      rows.update(changes);
    }
    return happened;
  }

  /** Updates no job. */
  @Override
  public void warmUp() {
    transaction.executeWithoutResult(status -> rows.update(List.of()));
  }

  private static Ref ref(JobOutcome outcome) {
    return new Ref(outcome.userId(), outcome.jobId());
  }

  private static JobEvent event(Row row, JobOutcome outcome, Move move) {
    var taken = at(outcome, Station.TAKEN);
    var answered = at(outcome, Station.ANSWERED);
    var waited = taken == null ? null : Duration.between(row.due(), taken);
    return move.to() == JobState.RUNNING
        ? new JobEvent.Started(row.ref().userId(), row.ref().jobId(), row.environment(), waited)
        : new JobEvent.Settled(
            outcome.userId(),
            outcome.jobId(),
            row.environment(),
            move.to(),
            move.code(),
            move.keyId(),
            waited,
            taken == null || answered == null ? null : Duration.between(taken, answered));
  }

  private static JobEvent event(Row row, RunRow run, Move move) {
    return new JobEvent.Settled(
        row.ref().userId(),
        row.ref().jobId(),
        row.environment(),
        move.to(),
        move.code(),
        move.keyId(),
        null,
        run.endedAt() == null ? null : Duration.between(run.startedAt(), run.endedAt()));
  }

  private static @Nullable Instant at(JobOutcome outcome, Station station) {
    return outcome.hops().stream()
        .filter(hop -> hop.station() == station)
        .map(Hop::at)
        .findFirst()
        .orElse(null);
  }
}
