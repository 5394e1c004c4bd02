package dev.behalf.web.work.batches;

import dev.behalf.contract.Environment;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Deletes batches that are older than their user keeps jobs. */
@Component
public class OldBatches {

  /**
   * A batch counts from its end, and is kept no longer than any of its operations says. One whose
   * file was never read to its end counts from its beginning, and by the user's days alone: it may
   * still be sent.
   */
  private static final String DELETE =
      """
      delete from jobs.batches b using (
        select b.user_id, b.id from (${horizons}) u
        join jobs.batches b on b.user_id = u.user_id and b.environment = '${environment}'
          and case when b.complete
                then b.completed_at < greatest(u.horizon, now() - make_interval(hours => b.retention_hours))
                else b.created_at < u.horizon end
        where u.user_id > :after and u.user_id <= :last
        limit :most for update of b skip locked) old
      where b.user_id = old.user_id and b.id = old.id
      """;

  private final JdbcClient database;

  OldBatches(JdbcClient database) {
    this.database = database;
  }

  /**
   * Deletes batches of the users behind {@code after}, up to {@code last}, with the rows of their
   * files. Their jobs stay for the moment.
   *
   * @param horizons a query for users, each with the time before which their batches are old, or
   *     null for a user who keeps them
   * @param days its parameter
   * @return how many were deleted; {@code most} if there may be more
   */
  public int delete(
      Environment environment, String horizons, int days, UUID after, UUID last, int most) {
    return database
        .sql(DELETE.replace("${horizons}", horizons).replace("${environment}", environment.wire()))
        .param("days", days)
        .param("after", after)
        .param("last", last)
        .param("most", most)
        .update();
  }
}
