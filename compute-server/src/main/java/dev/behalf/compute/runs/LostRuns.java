package dev.behalf.compute.runs;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Ends the runs of replicas whose lease is over, by the clock of the database. */
@Component
class LostRuns {

  private static final int A_ROUND = 500;

  private final RunRows rows;
  private final RunEnds ends;
  private final ApplicationEventPublisher events;

  LostRuns(RunRows rows, RunEnds ends, ApplicationEventPublisher events) {
    this.rows = rows;
    this.ends = ends;
    this.events = events;
  }

  @Scheduled(fixedDelayString = "${behalf.runs.sweep-every:2s}")
  void end() {
    try {
      rows.overdue(A_ROUND).forEach(this::end);
    } catch (DataAccessException | TransactionException databaseAway) {
      // The next round follows; the readiness check shows that the database is away.
    }
  }

  /** Ends one run; one that cannot be ended now does not keep the others. */
  private void end(Run run) {
    try {
      var work = run.work();
      ends.endLost(run)
          .ifPresent(
              end ->
                  events.publishEvent(
                      new RunEvent.Lost(
                          work.account().environment(),
                          work.operation(),
                          work.jobId(),
                          run.lost() + 1)));
    } catch (DataAccessException | TransactionException notNow) {
      // Such as a conflict with the deletion of the account, which ends the run as well.
    }
  }
}
