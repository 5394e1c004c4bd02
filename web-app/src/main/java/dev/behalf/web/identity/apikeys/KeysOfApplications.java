package dev.behalf.web.identity.apikeys;

import dev.behalf.server.sql.Timestamps;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The keys that applications have issued on behalf of users. */
@Component
public class KeysOfApplications {

  private final JdbcClient database;
  private final InstantSource clock;

  KeysOfApplications(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Revokes an application's keys for a user, inside the caller's transaction: they end with the
   * user's consent.
   */
  public void revoke(UUID userId, UUID applicationId) {
    database
        .sql(
            """
            update accounts.api_keys set revoked_at = ?, version = version + 1
            where user_id = ? and application_id = ? and revoked_at is null
            """)
        .params(Timestamps.of(clock.instant()), userId, applicationId)
        .update();
  }
}
