package dev.behalf.compute.ledger;

import dev.behalf.contract.Environment;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.UUID;
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

  /** Writes a charge, inside the caller's transaction. */
  public void append(
      UUID userId, UUID jobId, Environment environment, String period, long units, String keyId) {
    database
        .sql(
            """
            insert into compute.ledger (user_id, job_id, environment, period, units, key_id, created_at)
            values (?, ?, ?, ?, ?, ?, ?)
            """)
        .params(
            userId,
            jobId,
            environment.wire(),
            period,
            units,
            keyId,
            clock.instant().atOffset(ZoneOffset.UTC))
        .update();
  }
}
