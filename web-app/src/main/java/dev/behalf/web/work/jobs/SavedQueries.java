package dev.behalf.web.work.jobs;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Stores the job queries that a user saves under a name. */
@Component
public class SavedQueries {

  private static final int MOST = 20;
  private static final int LONGEST_NAME = 40;

  private final JdbcClient database;

  SavedQueries(JdbcClient database) {
    this.database = database;
  }

  public record View(String name, String query) {}

  public List<View> list(UUID userId) {
    return database
        .sql("select name, query from jobs.views where user_id = ? order by name")
        .param(userId)
        .query((row, index) -> new View(row.getString("name"), row.getString("query")))
        .list();
  }

  /**
   * Saves a query, in place of any query with the same name.
   *
   * @throws Problem about {@code name} if it is empty or longer than 40 characters, or if the user
   *     already has 20 other saved queries
   */
  public void keep(UUID userId, String givenName, JobQuery query) {
    var name = givenName.strip();
    if (name.isEmpty() || name.length() > LONGEST_NAME) {
      throw new Problem(ProblemCode.PAYLOAD_INVALID, "Use 1 to 40 characters.").about("name");
    }
    var kept =
        database
            .sql(
                """
                insert into jobs.views (user_id, name, query, created_at)
                select :user, :name, :query, now()
                where (select count(*) from jobs.views where user_id = :user and name <> :name) < :most
                on conflict (user_id, name) do update set query = excluded.query
                """)
            .param("user", userId)
            .param("name", name)
            .param("query", query.text())
            .param("most", MOST)
            .update();
    if (kept == 0) {
      throw new Problem(
              ProblemCode.PAYLOAD_INVALID, "You have 20 saved searches: delete one first.")
          .about("name");
    }
  }

  public void drop(UUID userId, String name) {
    database
        .sql("delete from jobs.views where user_id = ? and name = ?")
        .params(userId, name)
        .update();
  }
}
