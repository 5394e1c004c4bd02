package dev.behalf.web.jobs;

import dev.behalf.contract.Environment;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** For operators: whose share differs from that of everybody else. */
@Component
@Endpoint(id = "lanes")
class LanesEndpoint {

  private final JdbcClient database;

  LanesEndpoint(JdbcClient database) {
    this.database = database;
  }

  record Lane(UUID user, Environment environment, int weight, @Nullable Integer cap) {}

  /** Those that were changed. */
  @ReadOperation
  Map<String, List<Lane>> lanes() {
    return Map.of(
        "lanes",
        database
            .sql(
                "select * from jobs.lanes where weight <> 1 or cap is not null order by user_id, environment")
            .query(
                (row, index) ->
                    new Lane(
                        row.getObject("user_id", UUID.class),
                        Environment.of(row.getString("environment")),
                        row.getInt("weight"),
                        row.getObject("cap", Integer.class)))
            .list());
  }

  /**
   * Sets a user's share.
   *
   * @param weight turns for each turn of others, 1 to 1,000
   * @param cap the most jobs in flight; without it, that of everybody
   */
  @WriteOperation
  void set(String environment, String user, int weight, @Nullable Integer cap) {
    database
        .sql(
            """
            insert into jobs.lanes (user_id, environment, weight, cap) values (:user, :environment, :weight, :cap)
            on conflict (user_id, environment) do update set weight = excluded.weight, cap = excluded.cap
            """)
        .param("user", UUID.fromString(user))
        .param("environment", Environment.of(environment).wire())
        .param("weight", weight)
        .param("cap", cap)
        .update();
  }
}
