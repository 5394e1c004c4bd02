package dev.behalf.web.identity.accounts;

import dev.behalf.contract.WireName;
import dev.behalf.server.security.Scope;
import dev.behalf.web.site.security.Sessions;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The changes that operators and platforms make to an account. The caller holds the transaction and
 * the lock on the account's row.
 */
@Component
public class AccountAccess {

  /** Most names that an account has, as the database bounds them. */
  private static final int MAX_PERMISSIONS = 50;

  private static final Pattern PERMISSION = Pattern.compile("[a-z][a-z0-9-]{0,30}");

  private final JdbcClient database;
  private final Sessions sessions;
  private final ApplicationEventPublisher events;

  AccountAccess(JdbcClient database, Sessions sessions, ApplicationEventPublisher events) {
    this.database = database;
    this.sessions = sessions;
    this.events = events;
  }

  /** Returns whether an account can have these names that definitions of operations ask for. */
  public static boolean arePermissions(List<String> names) {
    return names.size() <= MAX_PERMISSIONS
        && names.stream().allMatch(name -> name != null && PERMISSION.matcher(name).matches());
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

  /** Who disabled an account: what an operator disabled, no platform enables. */
  public enum By implements WireName {
    OPERATOR,
    PLATFORM
  }

  /** The event published in the transaction in which an account is disabled. */
  public record Disabled(UUID userId) {}

  /** The event published in the transaction in which an account is enabled again. */
  public record Enabled(UUID userId) {}

  /**
   * Disables an account: it loses its scopes, which are kept for when it is enabled again, its
   * sessions end, and its jobs wait. Of an account that is disabled already, only who did it
   * changes.
   */
  public void disable(UUID userId, By by) {
    database
        .sql(
            """
            update accounts.users set disabled_by = :by, disabled_at = coalesce(disabled_at, now()),
              disabled_scopes = coalesce(disabled_scopes, scopes), scopes = ''
            where id = :user
            """)
        .param("by", by.wire())
        .param("user", userId)
        .update();
    sessions.endAll(userId);
    events.publishEvent(new Disabled(userId));
  }

  public void enable(UUID userId) {
    database
        .sql(
            """
            update accounts.users set scopes = disabled_scopes, disabled_scopes = null, disabled_at = null,
              disabled_by = null
            where id = ?
            """)
        .param(userId)
        .update();
    events.publishEvent(new Enabled(userId));
  }
}
