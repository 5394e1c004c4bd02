package dev.behalf.web.identity.apikeys;

import dev.behalf.server.sql.Timestamps;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The keys that applications and platforms have issued on behalf of users. */
@Component
public class KeysOfOthers {

  private final JdbcClient database;
  private final InstantSource clock;

  KeysOfOthers(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Revokes an application's keys for a user, inside the caller's transaction: they end with the
   * user's consent.
   */
  public void revokeOfApplication(UUID userId, UUID applicationId) {
    revoke("application_id", userId, applicationId);
  }

  /**
   * Revokes a platform's keys for a user, inside the caller's transaction: they end with its right
   * to act.
   */
  public void revokeOfPlatform(UUID userId, UUID platformId) {
    revoke("platform_id", userId, platformId);
  }

  private void revoke(String column, UUID userId, UUID issuer) {
    database
        .sql(
            """
            update accounts.api_keys set revoked_at = ?, version = version + 1
            where user_id = ? and %s = ? and revoked_at is null
            """
                .formatted(column))
        .params(Timestamps.of(clock.instant()), userId, issuer)
        .update();
  }
}
