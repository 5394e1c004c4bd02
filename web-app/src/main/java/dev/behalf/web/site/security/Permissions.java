package dev.behalf.web.site.security;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.behalf.server.notifications.Notifications;
import dev.behalf.server.security.RequestPrincipal;
import dev.behalf.server.security.Scope;
import dev.behalf.server.security.UserPrincipal;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The current scopes of each user. A change applies at once, to older sessions and tokens too; a
 * deleted account has no scopes.
 */
@Component
public class Permissions implements Notifications.Listener {

  /** The channel on which a trigger sends the id of each changed user. */
  private static final String CHANGED = "behalf_user_changed";

  /** How long scopes are cached if a notification is lost; the same bound as for keys. */
  private static final Duration MAX_AGE = Duration.ofMillis(700);

  private final JdbcClient database;
  private final LoadingCache<UUID, Set<Scope>> users =
      Caffeine.newBuilder().maximumSize(100_000).expireAfterWrite(MAX_AGE).build(this::read);

  Permissions(JdbcClient database, Notifications notifications) {
    this.database = database;
    notifications.listen(CHANGED, this);
  }

  /**
   * Returns the effective scopes: the intersection of the credential's and the user's. A platform,
   * which is no user, has scopes of its own kind only.
   */
  public Set<Scope> reach(RequestPrincipal principal) {
    var most = principal instanceof UserPrincipal user ? of(user.userId()) : Scope.OF_PLATFORMS;
    return Scope.both(principal.scopes(), most);
  }

  /** Returns the scopes that a user has now. */
  public Set<Scope> of(UUID userId) {
    return users.get(userId);
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
