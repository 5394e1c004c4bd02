package dev.behalf.web.identity.platforms;

import dev.behalf.server.security.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A platform as operators see it.
 *
 * @param origins the web origins whose pages may use watch tokens of the platform; empty means any
 * @param users how many users it has
 * @param endedAt since when nobody accepts its tokens; null while it may act
 */
public record Platform(
    UUID id,
    String name,
    Set<Scope> scopes,
    List<String> origins,
    List<Client> clients,
    long users,
    Instant createdAt,
    @Nullable Instant endedAt) {

  /**
   * A client of a platform.
   *
   * @param expiresAt when its secret ends, if another one has replaced it
   */
  public record Client(String clientId, Instant createdAt, @Nullable Instant expiresAt) {}

  /** Returns the name of a platform in the audit log. */
  public static String credential(String name) {
    return "platform " + name;
  }
}
