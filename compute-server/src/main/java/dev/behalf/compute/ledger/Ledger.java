package dev.behalf.compute.ledger;

import dev.behalf.contract.Environment;
import java.time.InstantSource;
import java.time.ZoneOffset;
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

  /** What one job costs whom. */
  public record Charge(
      UUID userId, UUID jobId, Environment environment, String period, long units, String keyId) {}

  /** Writes charges, inside the caller's transaction. */
  public void append(List<Charge> charges) {
    database
        .sql(
            """
            insert into compute.ledger (user_id, job_id, environment, period, units, key_id, created_at)
            select *, :now from unnest(:users::uuid[], :jobs::uuid[], :environments::text[], :periods::text[],
                                       :units::bigint[], :keys::text[])
            """)
        .param("now", clock.instant().atOffset(ZoneOffset.UTC))
        .param("users", charges.stream().map(Charge::userId).toArray(UUID[]::new))
        .param("jobs", charges.stream().map(Charge::jobId).toArray(UUID[]::new))
        .param("environments", texts(charges, charge -> charge.environment().wire()))
        .param("periods", texts(charges, Charge::period))
        .param("units", charges.stream().mapToLong(Charge::units).toArray())
        .param("keys", texts(charges, Charge::keyId))
        .update();
  }

  private static String[] texts(List<Charge> charges, Function<Charge, String> text) {
    return charges.stream().map(text).toArray(String[]::new);
  }
}
