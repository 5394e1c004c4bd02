package dev.behalf.compute.charges;

import dev.behalf.compute.quota.Account;
import dev.behalf.contract.Environment;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.sql.Timestamps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Stores results. A result is found by user, job and environment together, never by job alone. */
@Component
public class Results {

  private final JdbcClient database;
  private final InstantSource clock;

  Results(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** What is known of a job before it is charged. */
  sealed interface Earlier {}

  /** A stored result with the fingerprint of its input. */
  record Found(SavedResult saved, byte[] fingerprint, int version) implements Earlier {}

  /**
   * There is no result, and none is charged: the owner has cancelled the job, or it was charged
   * long ago and its result has been deleted.
   */
  record Ended(Problem why) implements Earlier {}

  /** Returns what is known of jobs; of a new one, nothing. */
  Map<PendingCharge.Ref, Earlier> find(List<PendingCharge> charges) {
    var found = new HashMap<PendingCharge.Ref, Earlier>();
    database
        .sql(
            """
            select user_id, job_id, environment, r.result, r.units, r.fingerprint, r.operation_version,
                   c.job_id is not null as cancelled
            from unnest(:users::uuid[], :jobs::uuid[], :environments::text[]) as asked (user_id, job_id, environment)
            left join compute.results r using (user_id, job_id, environment)
            left join compute.cancellations c using (user_id, job_id, environment)
            left join compute.ledger l using (user_id, job_id, environment)
            where r.job_id is not null or c.job_id is not null or l.job_id is not null
            """)
        .param("users", users(charges))
        .param("jobs", jobs(charges))
        .param("environments", environments(charges))
        .query(
            row -> {
              found.put(ref(row), earlier(row));
            });
    return found;
  }

  private static Earlier earlier(ResultSet row) throws SQLException {
    var result = row.getString("result");
    if (result == null) {
      return new Ended(
          row.getBoolean("cancelled") ? ChargeDecisions.cancelled() : ChargeDecisions.reused());
    }
    return new Found(
        new SavedResult(row.getObject("job_id", UUID.class), result, row.getLong("units"), true),
        row.getBytes("fingerprint"),
        row.getInt("operation_version"));
  }

  /** Returns whether the owner of a job has asked to cancel it. */
  public boolean isCancelled(Account account, UUID jobId) {
    return database
        .sql(
            "select 1 from compute.cancellations where user_id = ? and job_id = ? and environment = ?")
        .params(account.userId(), jobId, account.environment().wire())
        .query((row, index) -> true)
        .optional()
        .isPresent();
  }

  /** Returns the decision on a job that has a result already, or gets none. */
  public Optional<ChargeDecision> decided(PendingCharge charge) {
    // A call with the same id and another input, which needed no hold, may have been faster.
    return Optional.ofNullable(find(List.of(charge)).get(charge.ref()))
        .map(earlier -> ChargeDecisions.of(charge, earlier));
  }

  /** Returns the decision on a job that has a result already. */
  Optional<ChargeDecision> saved(PendingCharge charge) {
    return Optional.ofNullable(find(List.of(charge)).get(charge.ref()))
        .filter(Found.class::isInstance)
        .map(saved -> ChargeDecisions.of(charge, saved));
  }

  /**
   * Returns a result of one environment: a live key sees live results only, a test key test results
   * only.
   */
  public Optional<SavedResult> find(UUID userId, Environment environment, UUID jobId) {
    return database
        .sql(
            "select result, units from compute.results where user_id = ? and job_id = ? and environment = ?")
        .params(userId, jobId, environment.wire())
        .query(
            (row, index) ->
                new SavedResult(jobId, row.getString("result"), row.getLong("units"), true))
        .optional();
  }

  /**
   * Stores new results, inside the caller's transaction.
   *
   * @throws org.springframework.dao.DataIntegrityViolationException if one of them is already
   *     stored
   */
  void insert(List<PendingCharge> charges) {
    database
        .sql(
            """
            insert into compute.results
              (user_id, job_id, environment, operation, operation_version, fingerprint, result, units, created_at)
            select *, :now from unnest(:users::uuid[], :jobs::uuid[], :environments::text[], :operations::text[],
                                       :versions::integer[], :fingerprints::bytea[], :results::text[], :units::bigint[])
            """)
        .param("now", Timestamps.of(clock.instant()))
        .param("users", users(charges))
        .param("jobs", jobs(charges))
        .param("environments", environments(charges))
        .param("operations", texts(charges, PendingCharge::operation))
        .param("versions", charges.stream().mapToInt(PendingCharge::version).toArray())
        .param(
            "fingerprints", charges.stream().map(PendingCharge::fingerprint).toArray(byte[][]::new))
        .param("results", texts(charges, charge -> charge.result().result()))
        .param("units", charges.stream().mapToLong(charge -> charge.result().units()).toArray())
        .update();
  }

  private static PendingCharge.Ref ref(ResultSet row) throws SQLException {
    return new PendingCharge.Ref(
        row.getObject("user_id", UUID.class),
        row.getObject("job_id", UUID.class),
        Environment.of(row.getString("environment")));
  }

  private static String[] environments(List<PendingCharge> charges) {
    return texts(charges, charge -> charge.holder().environment().wire());
  }

  private static UUID[] users(List<PendingCharge> charges) {
    return charges.stream().map(charge -> charge.holder().userId()).toArray(UUID[]::new);
  }

  private static UUID[] jobs(List<PendingCharge> charges) {
    return charges.stream().map(charge -> charge.result().jobId()).toArray(UUID[]::new);
  }

  private static String[] texts(List<PendingCharge> charges, Function<PendingCharge, String> text) {
    return charges.stream().map(text).toArray(String[]::new);
  }
}
