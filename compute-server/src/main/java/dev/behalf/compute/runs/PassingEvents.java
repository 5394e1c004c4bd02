package dev.behalf.compute.runs;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Deletes the output and the progress of runs a day after they were said: the result of a job has
 * what its output said before. A run that is still open keeps its own.
 */
@Component
class PassingEvents {

  private static final int A_PIECE = 5_000;

  private final JdbcClient database;

  PassingEvents(JdbcClient database) {
    this.database = database;
  }

  @Scheduled(fixedDelayString = "${behalf.runs.forget-every:1m}")
  void delete() {
    try {
      int deleted = A_PIECE;
      while (deleted == A_PIECE) {
        deleted = deletePiece();
      }
    } catch (DataAccessException | TransactionException databaseAway) {
      // The next round follows; the readiness check shows that the database is away.
    }
  }

  private int deletePiece() {
    return database
        .sql(
            """
            delete from compute.events e using (
              select p.user_id, p.job_id, p.environment, p.seq from compute.events p
              where p.name in ('output', 'progress') and p.created_at < now() - interval '1 day'
                and not exists (select from compute.runs r where r.user_id = p.user_id and r.job_id = p.job_id
                                  and r.environment = p.environment
                                  and (r.state = 'open' or r.ended_at > now() - interval '1 day'))
              order by p.created_at limit ?) passed
            where e.user_id = passed.user_id and e.job_id = passed.job_id and e.environment = passed.environment
              and e.seq = passed.seq
            """)
        .param(A_PIECE)
        .update();
  }
}
