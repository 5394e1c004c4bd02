package dev.behalf.web.work.dispatch;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Pool;
import dev.behalf.web.work.jobs.JobsSettings;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Sets the weights and caps of users whose share in the fair queue differs from the default. */
@Component
public class Lanes {

  public static final int HEAVIEST = 1000;

  private final JdbcClient database;
  private final JobsSettings settings;

  Lanes(JdbcClient database, JobsSettings settings) {
    this.database = database;
    this.settings = settings;
  }

  /**
   * A user's share of an environment, in every pool.
   *
   * @param weight jobs for each job of a user with the default weight of 1
   * @param cap most jobs in flight in each pool; null for the common cap
   */
  public record Lane(UUID user, Environment environment, int weight, @Nullable Integer cap) {}

  /** Returns the most jobs in flight, in each pool, of a user without a cap of their own. */
  public int commonCap() {
    return settings.perUser();
  }

  public void set(Lane lane) {
    database
        .sql(
            """
            insert into jobs.lanes (user_id, environment, pool, weight, cap)
            select :user, :environment, pool, :weight, :cap from unnest(:pools::text[]) as of_all (pool)
            on conflict (user_id, environment, pool) do update set weight = excluded.weight, cap = excluded.cap
            """)
        .param("user", lane.user())
        .param("environment", lane.environment().wire())
        .param("pools", new String[] {Pool.QUICK.name(), Pool.COSTLY.name()})
        .param("weight", lane.weight())
        .param("cap", lane.cap())
        .update();
  }
}
