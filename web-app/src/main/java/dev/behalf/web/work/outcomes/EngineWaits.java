package dev.behalf.web.work.outcomes;

import dev.behalf.contract.JobState;
import dev.behalf.contract.ProblemCode;
import dev.behalf.operation.Engine;
import dev.behalf.server.operations.Operation;
import dev.behalf.server.operations.OperationCatalogue;
import dev.behalf.web.work.events.JobChanges;
import java.util.UUID;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Ends jobs that have waited for their engine for as long as their operation allows. While a
 * circuit is open, none of them is dispatched, so no outcome would end them.
 */
@Component
class EngineWaits {

  private static final String END =
      """
      with late as (
        select j.user_id, j.id
        from compute.engines e cross join (values ('live'), ('test')) as of (environment)
        join jobs.jobs j on j.environment = of.environment and j.pool = :pool and j.state = 'queued'
        where e.server = :server and e.open_until is not null and j.not_before <= now()
          and greatest(j.created_at, j.asked_not_before, least(j.waiting_since, e.away_since))
              < now() - make_interval(secs => :start_within)
          and not exists (select from compute.runs r where r.user_id = j.user_id and r.job_id = j.id
                            and r.environment = j.environment and r.epoch > j.run_epoch)
        limit 500 for update of j skip locked
      )
      update jobs.jobs j
      set state = 'failed', code = :code, detail = :detail, finished_at = now(), waiting_since = null
      from late where j.user_id = late.user_id and j.id = late.id and j.state || '' = 'queued'
      returning j.user_id, j.id
      """;

  private final OperationCatalogue operations;
  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final JobChanges changed;

  EngineWaits(
      OperationCatalogue operations,
      JdbcClient database,
      TransactionTemplate transaction,
      JobChanges changed) {
    this.operations = operations;
    this.database = database;
    this.transaction = transaction;
    this.changed = changed;
  }

  @Scheduled(fixedDelayString = "${behalf.jobs.reconcile-every:5s}")
  void end() {
    for (var operation : operations.all()) {
      if (operation.definition().engine() instanceof Engine.Remote remote) {
        endNow(operation, remote);
      }
    }
  }

  private void endNow(Operation operation, Engine.Remote engine) {
    try {
      transaction.executeWithoutResult(status -> end(operation, engine));
    } catch (DataAccessException | TransactionException notNow) {
      // The next round tries again; the jobs of one operation do not keep the others.
    }
  }

  private void end(Operation operation, Engine.Remote engine) {
    var ended =
        database
            .sql(END)
            .param("server", engine.server())
            .param("pool", operation.definition().pool().name())
            .param("start_within", operation.definition().limits().startWithin().toSeconds())
            .param("code", ProblemCode.ENGINE_UNAVAILABLE.wire())
            .param("detail", Settlement.WAITED)
            .query(
                (row, index) ->
                    new JobChanges.Change(
                        row.getObject("user_id", UUID.class),
                        row.getObject("id", UUID.class),
                        JobState.FAILED))
            .list();
    if (!ended.isEmpty()) {
      changed.publish(ended);
    }
  }
}
