package dev.behalf.compute.security;

import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.POST;

import dev.behalf.server.security.AuthenticationScheme;
import dev.behalf.server.security.Route;
import dev.behalf.server.security.Scope;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/** All routes of compute-server, with their authentication scheme and scope. */
final class Routes {

  static final List<Route> ALL =
      List.of(
          key(POST, "/v1/ai/jobs", Scope.JOBS_WRITE, "Compute a job, or return its saved result"),
          key(GET, "/v1/ai/jobs/{id}", Scope.JOBS_READ, "Get a saved result"),
          key(GET, "/v1/usage", Scope.USAGE_READ, "Get the usage of this month"),
          key(GET, "/v1/me", null, "Get the user of a key"),
          Route.open(GET, "/v1/openapi.json"),
          Route.open(GET, "/docs/api"),
          Route.open(GET, "/explorer.html"),
          Route.open(GET, "/explorer.js"),
          Route.open(GET, "/explorer.css"));

  private Routes() {}

  private static Route key(HttpMethod method, String path, @Nullable Scope scope, String summary) {
    return Route.api(Set.of(AuthenticationScheme.API_KEY), method, path, scope, summary);
  }
}
