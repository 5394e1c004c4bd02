package dev.behalf.web.identity.platforms;

import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.Scope;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.identity.apikeys.KeysOfOthers;
import dev.behalf.web.site.audit.Actor;
import dev.behalf.web.site.audit.AuditLog;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The right of platforms to act for their users, which the user or an operator can end. */
@Component
public class Acting {

  private final JdbcClient database;
  private final KeysOfOthers keys;
  private final AuditLog audit;

  Acting(JdbcClient database, KeysOfOthers keys, AuditLog audit) {
    this.database = database;
    this.keys = keys;
    this.audit = audit;
  }

  /** A platform that may act for a user. */
  public record Right(UUID platformId, String name, Set<Scope> scopes, Instant since) {}

  /** Returns the platform that may act for a user, if there is one. */
  public Optional<Right> of(UUID userId) {
    return database
        .sql(
            """
            select p.id, p.name, p.scopes, u.created_at
            from accounts.platform_users u join accounts.platforms p on p.id = u.platform_id
            where u.user_id = ? and u.acting_ended_at is null and p.ended_at is null
            """)
        .param(userId)
        .query(
            (row, index) ->
                new Right(
                    row.getObject("id", UUID.class),
                    row.getString("name"),
                    PlatformTokens.granted(Scope.parse(row.getString("scopes"))),
                    Timestamps.instant(row, "created_at")))
        .optional();
  }

  /**
   * Ends the right of a platform to act for a user, for good. Its tokens for the user, and the keys
   * that it has issued for the user, are refused within a second.
   *
   * @throws Problem if the platform has no such right
   */
  @Transactional
  public void end(UUID userId, UUID platformId, Actor by) {
    // The same lock as for issuing a key, so that one happens after the other.
    database
        .sql("select 1 from accounts.users where id = ? for no key update")
        .param(userId)
        .query(Integer.class)
        .optional();
    var name =
        database
            .sql(
                """
                update accounts.platform_users u set acting_ended_at = now() from accounts.platforms p
                where u.user_id = ? and u.platform_id = ? and p.id = u.platform_id and u.acting_ended_at is null
                returning p.name
                """)
            .params(userId, platformId)
            .query(String.class)
            .optional()
            .orElseThrow(Problem::notFound);
    keys.revokeOfPlatform(userId, platformId);
    audit.write(userId, by, "platform.ended", name, Map.of());
  }
}
