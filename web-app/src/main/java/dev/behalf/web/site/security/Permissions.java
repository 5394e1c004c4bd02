package dev.behalf.web.site.security;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.behalf.server.notifications.Notifications;
import dev.behalf.server.security.RequestPrincipal;
import dev.behalf.server.security.Scope;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What each user may do now. It holds at once for sessions and tokens that are older than the
 * change, and for an account that is gone, which may do nothing.
 */
@Component
public class Permissions implements Notifications.Listener {

  /** A trigger says the id of each user that has changed. */
  private static final String CHANGED = "behalf_user_changed";

  /** Where the notification is lost; the same bound as for keys. */
  private static final Duration MAX_AGE = Duration.ofMillis(700);

  private final JdbcClient database;
  private final LoadingCache<UUID, Set<Scope>> users =
      Caffeine.newBuilder().maximumSize(100_000).expireAfterWrite(MAX_AGE).build(this::read);

  Permissions(JdbcClient database, Notifications notifications) {
    this.database = database;
    notifications.listen(CHANGED, this);
  }

  /** What both the credential and its user reach. */
  public Set<Scope> reach(RequestPrincipal principal) {
    return Scope.both(principal.scopes(), users.get(principal.userId()));
  }

  @Override
  public void received(String userId) {
    users.invalidate(UUID.fromString(userId));
  }

  @Override
  public void resumed() {
    users.invalidateAll();
  }

  private Set<Scope> read(UUID userId) {
    return database
        .sql("select scopes from accounts.users where id = ?")
        .param(userId)
        .query(String.class)
        .optional()
        .map(Scope::parse)
        .orElse(Set.of());
  }
}
