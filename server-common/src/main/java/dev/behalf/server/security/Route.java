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
    Set<AuthenticationScheme> schemes,
    @Nullable Scope scope,
    String summary,
    int status) {

  public static Route open(HttpMethod method, String path) {
    return new Route(method, path, EnumSet.of(AuthenticationScheme.NONE), null, "", 200);
  }

  public static Route at(AuthenticationScheme scheme, HttpMethod method, String path) {
    return new Route(method, path, EnumSet.of(scheme), null, "", 200);
  }

  public static Route api(
      Set<AuthenticationScheme> schemes,
      HttpMethod method,
      String path,
      @Nullable Scope scope,
      String summary) {
    return new Route(method, path, schemes, scope, summary, 200);
  }

  /** The same, with another status for success. */
  public Route answering(int other) {
    return new Route(method, path, schemes, scope, summary, other);
  }

  public boolean isOpen() {
    return schemes.contains(AuthenticationScheme.NONE);
  }

  /** Whether it is part of the documented API. */
  public boolean isDocumented() {
    return !summary.isEmpty();
  }
}
