package dev.behalf.compute.ledger;

import dev.behalf.contract.Environment;
import dev.behalf.contract.WireName;
import dev.behalf.server.sql.Timestamps;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The append-only ledger, with at most one charge for each job. The grants allow the database role
 * to add and read entries, never to change them.
 */
@Component
public class Ledger {

  private final JdbcClient database;
  private final InstantSource clock;

  Ledger(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * The charge of one job.
   *
   * @param version the version of the operation
   * @param keyId the id of the key that made the call
   * @param originKeyId the id of the user's key that queued the job, which the charge counts for;
   *     empty for none
   */
  public record Charge(
      UUID userId,
      UUID jobId,
      Environment environment,
      String period,
      String operation,
      int version,
      long units,
      String keyId,
      String originKeyId) {}

  /** Appends charges, inside the caller's transaction. */
  public void append(List<Charge> charges) {
    database
        .sql(
            """
            insert into compute.ledger
              (user_id, job_id, environment, period, operation, operation_version, units, key_id, origin_key_id, created_at)
            select user_id, job_id, environment, period, operation, version, units, key_id, nullif(origin, ''), :now
            from unnest(:users::uuid[], :jobs::uuid[], :environments::text[], :periods::text[], :operations::text[],
                        :versions::integer[], :units::bigint[], :keys::text[], :origins::text[])
              as charge (user_id, job_id, environment, period, operation, version, units, key_id, origin)
            """)
        .param("now", Timestamps.of(clock.instant()))
        .param("users", charges.stream().map(Charge::userId).toArray(UUID[]::new))
        .param("jobs", charges.stream().map(Charge::jobId).toArray(UUID[]::new))
        .param("environments", texts(charges, charge -> charge.environment().wire()))
        .param("periods", texts(charges, Charge::period))
        .param("operations", texts(charges, Charge::operation))
        .param("versions", charges.stream().mapToInt(Charge::version).toArray())
        .param("units", charges.stream().mapToLong(Charge::units).toArray())
        .param("keys", texts(charges, Charge::keyId))
        .param("origins", texts(charges, Charge::originKeyId))
        .update();
  }

  /** How a charged job ended. Only a succeeded one has a result. */
  public enum Outcome implements WireName {
    SUCCEEDED,
    CANCELLED
  }

  /**
   * Appends the charge of a job for which units were held, inside the caller's transaction.
   *
   * @param held the units that were held
   * @param reported the units that the engine reported; more than were held are kept beside the
   *     charge, for operators
   */
  public void append(Charge charge, Outcome outcome, long held, long reported) {
    database
        .sql(
            """
            insert into compute.ledger
              (user_id, job_id, environment, period, operation, operation_version, units, key_id, origin_key_id, created_at,
               outcome, held, reported)
            values (:user, :job, :environment, :period, :operation, :version, :units, :key, nullif(:origin, ''), :now,
                    :outcome, :held, nullif(greatest(:reported::bigint, :held::bigint), :held::bigint))
            """)
        .param("now", Timestamps.of(clock.instant()))
        .param("user", charge.userId())
        .param("job", charge.jobId())
        .param("environment", charge.environment().wire())
        .param("period", charge.period())
        .param("operation", charge.operation())
        .param("version", charge.version())
        .param("units", charge.units())
        .param("key", charge.keyId())
        .param("origin", charge.originKeyId())
        .param("outcome", outcome.wire())
        .param("held", held)
        .param("reported", reported)
        .update();
  }

  private static String[] texts(List<Charge> charges, Function<Charge, String> text) {
    return charges.stream().map(text).toArray(String[]::new);
  }
}
