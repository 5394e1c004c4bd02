package dev.behalf.web.identity.apikeys;

import dev.behalf.server.sql.Timestamps;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Keys that an application has issued in a user's name. */
@Component
public class KeysOfApplications {

  private final JdbcClient database;
  private final InstantSource clock;

  KeysOfApplications(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Inside the caller's transaction: they go with what the user has allowed. */
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
