package dev.behalf.web.identity.accounts;

import dev.behalf.server.security.Scope;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The changes that operators make to an account. The caller holds the transaction and the lock on
 * the account's row.
 */
@Component
public class AccountAccess {

  private final JdbcClient database;

  AccountAccess(JdbcClient database) {
    this.database = database;
  }

  /** Sets the scopes of an account. A disabled account gets them when it is enabled again. */
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

  /** Sets the names that definitions of operations ask for. */
  public void permitOperations(UUID userId, List<String> names) {
    database
        .sql("update accounts.users set permissions = ? where id = ?")
        .params(String.join(" ", names), userId)
        .update();
  }

  /** Disables an account. It loses its scopes, which are kept for when it is enabled again. */
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
