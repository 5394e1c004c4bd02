package dev.behalf.compute.jobs;

import dev.behalf.contract.Environment;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Saved results. They are found by user and job together, never by job alone. */
@Component
class Results {

  private final JdbcClient database;
  private final InstantSource clock;

  Results(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  record Found(SavedResult saved, boolean samePayload) {}

  Optional<Found> find(UUID userId, UUID jobId, byte[] fingerprint) {
    return database
        .sql(
            "select result, units, fingerprint from compute.results where user_id = ? and job_id = ?")
        .params(userId, jobId)
        .query(
            (row, index) ->
                new Found(
                    new SavedResult(jobId, row.getString("result"), row.getLong("units"), true),
                    Arrays.equals(fingerprint, row.getBytes("fingerprint"))))
        .optional();
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

  /** Says no where another delivery of the same job was quicker, after waiting for its commit. */
  boolean insert(
      UUID userId,
      Environment environment,
      String operation,
      byte[] fingerprint,
      SavedResult result) {
    return database
            .sql(
                """
                insert into compute.results
                  (user_id, job_id, environment, operation, fingerprint, result, units, created_at)
                values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing
                """)
            .params(
                userId,
                result.jobId(),
                environment.wire(),
                operation,
                fingerprint,
                result.result(),
                result.units(),
                clock.instant().atOffset(ZoneOffset.UTC))
            .update()
        == 1;
  }
}
