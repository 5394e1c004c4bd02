package dev.behalf.compute.jobs;

import dev.behalf.contract.Environment;
import dev.behalf.server.sql.Timestamps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Saved results. They are found by user, job and environment together, never by job alone. */
@Component
class Results {

  private final JdbcClient database;
  private final InstantSource clock;

  Results(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** A result that is stored, and of which input. */
  record Found(SavedResult saved, byte[] fingerprint) {}

  /** Those that are stored already. */
  Map<Claim.Ref, Found> find(List<Claim> claims) {
    var found = new HashMap<Claim.Ref, Found>();
    if (claims.isEmpty()) {
      return found;
    }
    database
        .sql(
            """
            select user_id, job_id, environment, result, units, fingerprint
            from unnest(:users::uuid[], :jobs::uuid[], :environments::text[]) as asked (user_id, job_id, environment)
            join compute.results using (user_id, job_id, environment)
            """)
        .param("users", users(claims))
        .param("jobs", jobs(claims))
        .param("environments", environments(claims))
        .query(
            row -> {
              var jobId = row.getObject("job_id", UUID.class);
              found.put(
                  ref(row),
                  new Found(
                      new SavedResult(jobId, row.getString("result"), row.getLong("units"), true),
                      row.getBytes("fingerprint")));
            });
    return found;
  }

  /** A live key sees live results only, and a test key those of tests. */
  Optional<SavedResult> find(UUID userId, Environment environment, UUID jobId) {
    return database
        .sql(
            "select result, units from compute.results where user_id = ? and job_id = ? and environment = ?")
        .params(userId, jobId, environment.wire())
        .query(
            (row, index) ->
                new SavedResult(jobId, row.getString("result"), row.getLong("units"), true))
        .optional();
  }

  /** Those that their owner has cancelled. */
  Set<Claim.Ref> cancelled(List<Claim> claims) {
    return Set.copyOf(
        database
            .sql(
                """
                select user_id, job_id, environment
                from unnest(:users::uuid[], :jobs::uuid[], :environments::text[]) as asked (user_id, job_id, environment)
                join compute.cancellations using (user_id, job_id, environment)
                """)
            .param("users", users(claims))
            .param("jobs", jobs(claims))
            .param("environments", environments(claims))
            .query((row, index) -> ref(row))
            .list());
  }

  /**
   * Stores new results, inside the caller's transaction.
   *
   * @throws org.springframework.dao.DataIntegrityViolationException where one of them is there
   */
  void insert(List<Claim> claims) {
    database
        .sql(
            """
            insert into compute.results
              (user_id, job_id, environment, operation, fingerprint, result, units, created_at)
            select *, :now from unnest(:users::uuid[], :jobs::uuid[], :environments::text[], :operations::text[],
                                       :fingerprints::bytea[], :results::text[], :units::bigint[])
            """)
        .param("now", Timestamps.of(clock.instant()))
        .param("users", users(claims))
        .param("jobs", jobs(claims))
        .param("environments", environments(claims))
        .param("operations", texts(claims, Claim::operation))
        .param("fingerprints", claims.stream().map(Claim::fingerprint).toArray(byte[][]::new))
        .param("results", texts(claims, claim -> claim.result().result()))
        .param("units", claims.stream().mapToLong(claim -> claim.result().units()).toArray())
        .update();
  }

  private static Claim.Ref ref(ResultSet row) throws SQLException {
    return new Claim.Ref(
        row.getObject("user_id", UUID.class),
        row.getObject("job_id", UUID.class),
        Environment.of(row.getString("environment")));
  }

  private static String[] environments(List<Claim> claims) {
    return texts(claims, claim -> claim.holder().environment().wire());
  }

  private static UUID[] users(List<Claim> claims) {
    return claims.stream().map(claim -> claim.holder().userId()).toArray(UUID[]::new);
  }

  private static UUID[] jobs(List<Claim> claims) {
    return claims.stream().map(claim -> claim.result().jobId()).toArray(UUID[]::new);
  }

  private static String[] texts(List<Claim> claims, Function<Claim, String> text) {
    return claims.stream().map(text).toArray(String[]::new);
  }
}
