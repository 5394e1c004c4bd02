package dev.behalf.web.identity.accounts;

import dev.behalf.server.security.Scope;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What operators change of an account, inside their transaction and under its row's lock. */
@Component
public class AccountAccess {

  private final JdbcClient database;

  AccountAccess(JdbcClient database) {
    this.database = database;
  }

  /** What it may do; of one that is disabled, what it may do when it is enabled again. */
  public void permit(UUID userId, Set<Scope> scopes) {
    database
        .sql(
            """
            update accounts.users set
              scopes = case when disabled_at is null then :scopes else scopes end,
              disabled_scopes = case when disabled_at is null then disabled_scopes else :scopes end
            where id = :user
            """)
        .param("scopes", Scope.format(scopes))
        .param("user", userId)
        .update();
  }

  /** It may do nothing, and what it might is kept. */
  public void disable(UUID userId) {
    database
        .sql(
            "update accounts.users set disabled_at = now(), disabled_scopes = scopes, scopes = '' where id = ?")
        .param(userId)
        .update();
  }

  public void enable(UUID userId) {
    database
        .sql(
            "update accounts.users set scopes = disabled_scopes, disabled_scopes = null, disabled_at = null where id = ?")
        .param(userId)
        .update();
  }
}
