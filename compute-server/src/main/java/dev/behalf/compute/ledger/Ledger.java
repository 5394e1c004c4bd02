package dev.behalf.compute.ledger;

import dev.behalf.contract.Environment;
import dev.behalf.server.sql.Timestamps;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** One charge for each saved result. The role may add and read, never change: see the grants. */
@Component
public class Ledger {

  private final JdbcClient database;
  private final InstantSource clock;

  Ledger(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * What one job costs whom.
   *
   * @param keyId that it came with
   * @param originKeyId of the key that asked a worker for it, for which it counts; empty for none
   */
  public record Charge(
      UUID userId,
      UUID jobId,
      Environment environment,
      String period,
      String operation,
      long units,
      String keyId,
      String originKeyId) {}

  /** Writes charges, inside the caller's transaction. */
  public void append(List<Charge> charges) {
    database
        .sql(
            """
            insert into compute.ledger
              (user_id, job_id, environment, period, operation, units, key_id, origin_key_id, created_at)
            select user_id, job_id, environment, period, operation, units, key_id, nullif(origin, ''), :now
            from unnest(:users::uuid[], :jobs::uuid[], :environments::text[], :periods::text[], :operations::text[],
                        :units::bigint[], :keys::text[], :origins::text[])
              as charge (user_id, job_id, environment, period, operation, units, key_id, origin)
            """)
        .param("now", Timestamps.of(clock.instant()))
        .param("users", charges.stream().map(Charge::userId).toArray(UUID[]::new))
        .param("jobs", charges.stream().map(Charge::jobId).toArray(UUID[]::new))
        .param("environments", texts(charges, charge -> charge.environment().wire()))
        .param("periods", texts(charges, Charge::period))
        .param("operations", texts(charges, Charge::operation))
        .param("units", charges.stream().mapToLong(Charge::units).toArray())
        .param("keys", texts(charges, Charge::keyId))
        .param("origins", texts(charges, Charge::originKeyId))
        .update();
  }

  private static String[] texts(List<Charge> charges, Function<Charge, String> text) {
    return charges.stream().map(text).toArray(String[]::new);
  }
}
