package dev.behalf.testkit;

import java.util.Set;
import java.util.TreeSet;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The routes that a server's controllers handle, to compare with its table of routes. */
public final class RegisteredRoutes {

  private RegisteredRoutes() {}

  /** Returns the routes, each as method and path, such as {@code GET /api/v1/jobs/{id}}. */
  public static Set<String> of(RequestMappingHandlerMapping mappings) {
    var routes = new TreeSet<String>();
    for (var mapping : mappings.getHandlerMethods().keySet()) {
      for (var path : mapping.getPatternValues()) {
        mapping
            .getMethodsCondition()
            .getMethods()
            .forEach(method -> routes.add(method + " " + path));
      }
    }
    return routes;
  }
}
