package dev.behalf.server.security;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/**
 * A route with the authentication schemes and the scope that it requires.
 *
 * @param path the path, as one of Spring's path patterns
 * @param scope the scope that the credential needs; null if any authenticated user may call
 * @param summary the description in the API documentation; empty for pages
 * @param status the status of a successful answer
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

  /** Returns a copy with another status for success. */
  public Route answering(int other) {
    return new Route(method, path, schemes, scope, summary, other);
  }

  public boolean isOpen() {
    return schemes.contains(AuthenticationScheme.NONE);
  }

  /** Returns whether the route is part of the documented API. */
  public boolean isDocumented() {
    return !summary.isEmpty();
  }
}
