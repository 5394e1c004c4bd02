package dev.behalf.web.work.batches;

import dev.behalf.contract.JobState;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Finds the batches whose last job has ended. It looks every half second, in each replica: jobs
 * that end at the same time in two transactions do not see each other, so neither could tell that
 * it is the last, and a counter would make all ends of a batch wait for one row.
 */
@Component
public class BatchEnds {

  private static final int SOME = 100;

  private static final String COMPLETE =
      """
      update jobs.batches b set completed_at = now()
      from (
        select c.user_id, c.id from jobs.batches c
        where c.complete and c.completed_at is null and not exists (
          select from jobs.jobs j
          where j.user_id = c.user_id and j.batch_id = c.id and j.state %s)
        limit %d for update skip locked
      ) done
      where b.user_id = done.user_id and b.id = done.id
      returning b.user_id, b.id
      """
          .formatted(JobState.in(JobState::isOpen), SOME);

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final List<Listener> listeners;

  BatchEnds(JdbcClient database, TransactionTemplate transaction, List<Listener> listeners) {
    this.database = database;
    this.transaction = transaction;
    this.listeners = listeners;
  }

  /** A batch that has been read to its end and has no open job. */
  public record Completed(UUID userId, UUID id) {}

  /** Receives completed batches in the transaction that marks them, each batch once. */
  public interface Listener {
    void completed(List<Completed> batches);
  }

  @Scheduled(fixedDelayString = "500ms")
  void complete() {
    while (some() == SOME) {
      // There may be more.
    }
  }

  private int some() {
    return transaction.execute(
        status -> {
          var batches =
              database
                  .sql(COMPLETE)
                  .query(
                      (row, index) ->
                          new Completed(
                              row.getObject("user_id", UUID.class),
                              row.getObject("id", UUID.class)))
                  .list();
          if (!batches.isEmpty()) {
            listeners.forEach(listener -> listener.completed(batches));
          }
          return batches.size();
        });
  }
}
