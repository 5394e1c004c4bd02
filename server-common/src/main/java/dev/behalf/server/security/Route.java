package dev.behalf.server.security;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/**
 * An address, who may come in there and how far they must reach.
 *
 * @param path as Spring's path patterns
 * @param scope what the credential must have; nothing where being somebody is enough
 * @param summary what it does, for the documentation of the API; empty for pages
 * @param status of the answer when all goes well
 */
public record Route(
    HttpMethod method,
    String path,
    Set<Door> doors,
    @Nullable Scope scope,
    String summary,
    int status) {

  public static Route open(HttpMethod method, String path) {
    return new Route(method, path, EnumSet.of(Door.OPEN), null, "", 200);
  }

  public static Route at(Door door, HttpMethod method, String path) {
    return new Route(method, path, EnumSet.of(door), null, "", 200);
  }

  public static Route api(
      Set<Door> doors, HttpMethod method, String path, @Nullable Scope scope, String summary) {
    return new Route(method, path, doors, scope, summary, 200);
  }

  /** The same, with another status for success. */
  public Route answering(int other) {
    return new Route(method, path, doors, scope, summary, other);
  }

  public boolean isOpen() {
    return doors.contains(Door.OPEN);
  }

  /** Whether it is part of the documented API. */
  public boolean isDocumented() {
    return !summary.isEmpty();
  }
}
