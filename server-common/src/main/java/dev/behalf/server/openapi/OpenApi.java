package dev.behalf.server.openapi;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.StrictBody;
import dev.behalf.server.security.AuthenticationScheme;
import dev.behalf.server.security.Route;
import dev.behalf.server.security.Scope;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Builds an OpenAPI 3.1 document of the documented routes. The route table, which also guards the
 * routes, supplies authentication schemes and scopes; the controller methods supply parameters and
 * bodies.
 */
public final class OpenApi {

  private static final Map<String, Object> PROBLEM =
      Map.of(
          "description",
          "A problem (RFC 9457): `code` identifies it, `detail` says what to do.",
          "content",
          Map.of(
              "application/problem+json",
              Map.of("schema", Map.of("$ref", "#/components/schemas/Problem"))));

  private static final Map<String, Object> A_PROBLEM =
      Map.of("$ref", "#/components/responses/Problem");

  private final String title;
  private final List<Route> routes;
  private final RequestMappingHandlerMapping handlers;
  private final Supplier<Map<String, Object>> given;

  /**
   * Creates the description of routes.
   *
   * @param given schemas by component name that the Java types do not say, such as those of
   *     operations; they take the place of a type of that name
   */
  public OpenApi(
      String title,
      List<Route> routes,
      RequestMappingHandlerMapping handlers,
      Supplier<Map<String, Object>> given) {
    this.title = title;
    this.routes = routes;
    this.handlers = handlers;
    this.given = given;
  }

  /** Returns the document as a JSON object. */
  public Map<String, Object> document() {
    var schemas = new Schemas(given.get());
    var paths = new LinkedHashMap<String, Map<String, Object>>();
    for (var route : routes) {
      if (route.isDocumented()) {
        paths
            .computeIfAbsent(route.path(), path -> new LinkedHashMap<>())
            .put(route.method().name().toLowerCase(Locale.ROOT), operation(route, schemas));
      }
    }
    var components = new TreeMap<>(schemas.components());
    components.put("Problem", problem());
    var document = new LinkedHashMap<String, Object>();
    document.put("openapi", "3.1.0");
    document.put("info", Map.of("title", title, "version", "1"));
    document.put("servers", List.of(Map.of("url", "/")));
    document.put("paths", paths);
    document.put(
        "components",
        Map.of(
            "schemas",
            components,
            "responses",
            Map.of("Problem", PROBLEM),
            "securitySchemes",
            securitySchemes()));
    return document;
  }

  private Map<String, Object> operation(Route route, Schemas schemas) {
    var method = handler(route);
    var operation = new LinkedHashMap<String, Object>();
    operation.put("operationId", operationId(method));
    operation.put("tags", List.of(group(method)));
    operation.put("summary", route.summary());
    var parameters = new ArrayList<Map<String, Object>>();
    for (var parameter : method.getMethodParameters()) {
      if (parameter.hasParameterAnnotation(StrictBody.class)) {
        operation.put(
            "requestBody",
            Map.of(
                "required", true, "content", json(parameter.getGenericParameterType(), schemas)));
      } else {
        var described = parameter(parameter, schemas);
        if (described != null) {
          parameters.add(described);
        }
      }
    }
    lines(method, RequestMapping::consumes)
        .ifPresent(
            content -> operation.put("requestBody", Map.of("required", true, "content", content)));
    operation.put("parameters", parameters);
    operation.put("responses", responses(route, method, schemas));
    operation.put("security", security(route));
    return operation;
  }

  private static Map<String, Object> responses(Route route, HandlerMethod method, Schemas schemas) {
    var responses = new LinkedHashMap<String, Object>();
    var done =
        Map.of(
            "description",
            "Done.",
            "content",
            lines(method, RequestMapping::produces)
                .orElseGet(() -> content(answer(method), schemas)));
    responses.put(String.valueOf(route.status()), done);
    if (route.method().equals(HttpMethod.PUT)) {
      // It may create what it would change (RFC 9110, section 9.3.4).
      responses.put("201", done);
    }
    refusals(route).forEach(status -> responses.put(String.valueOf(status), A_PROBLEM));
    responses.put("default", A_PROBLEM);
    return responses;
  }

  /** Returns the statuses that can refuse a request, derived from what the route requires. */
  private static SortedSet<Integer> refusals(Route route) {
    var refusals = new TreeSet<>(List.of(400, 406, 429));
    if (!route.isOpen()) {
      refusals.addAll(List.of(401, 403));
    }
    if (route.path().contains("{")) {
      refusals.add(404);
    }
    if (!route.method().equals(HttpMethod.GET)) {
      refusals.addAll(List.of(409, 413, 415, 422));
    }
    return refusals;
  }

  private HandlerMethod handler(Route route) {
    return handlers.getHandlerMethods().entrySet().stream()
        .filter(entry -> answers(entry.getKey(), route.method(), route.path()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("Nothing answers " + route + "."));
  }

  private static boolean answers(RequestMappingInfo info, HttpMethod method, String path) {
    return info.getPatternValues().contains(path)
        && info.getMethodsCondition().getMethods().stream()
            .anyMatch(one -> one.asHttpMethod().equals(method));
  }

  /**
   * Returns the class name without {@code Controller}, and the method name: {@code keys.rotate}.
   */
  private static String operationId(HandlerMethod method) {
    return group(method).toLowerCase(Locale.ROOT) + "." + method.getMethod().getName();
  }

  /** Returns the tag of an operation: generators make one client class of each tag. */
  private static String group(HandlerMethod method) {
    return method.getBeanType().getSimpleName().replace("Controller", "");
  }

  /** Returns a parameter; null for an argument that the server makes itself, such as the caller. */
  private static @Nullable Map<String, Object> parameter(
      MethodParameter parameter, Schemas schemas) {
    var name = Objects.requireNonNullElse(parameter.getParameter().getName(), "");
    var path = parameter.getParameterAnnotation(PathVariable.class);
    if (path != null) {
      return parameter("path", path.value().isEmpty() ? name : path.value(), parameter, schemas);
    }
    if (parameter.hasParameterAnnotation(RequestParam.class)) {
      return parameter("query", name, parameter, schemas);
    }
    var header = parameter.getParameterAnnotation(RequestHeader.class);
    return header == null ? null : parameter("header", header.name(), parameter, schemas);
  }

  private static Map<String, Object> parameter(
      String in, String name, MethodParameter parameter, Schemas schemas) {
    return Map.of(
        "name",
        name,
        "in",
        in,
        "required",
        in.equals("path"),
        "schema",
        schemas.of(parameter.getGenericParameterType()));
  }

  private static Type answer(HandlerMethod method) {
    var type = method.getReturnType().getGenericParameterType();
    return type instanceof ParameterizedType generic && generic.getRawType() == ResponseEntity.class
        ? generic.getActualTypeArguments()[0]
        : type;
  }

  private static Map<String, Object> content(Type type, Schemas schemas) {
    return type == SseEmitter.class
        ? Map.of(MediaType.TEXT_EVENT_STREAM_VALUE, Map.of("schema", Map.of("type", "string")))
        : json(type, schemas);
  }

  /** Returns the content of a body that is no single JSON value, by its types; else empty. */
  private static Optional<Map<String, Object>> lines(
      HandlerMethod method, Function<RequestMapping, String[]> types) {
    var content = new LinkedHashMap<String, Object>();
    Optional.ofNullable(
            AnnotatedElementUtils.findMergedAnnotation(method.getMethod(), RequestMapping.class))
        .stream()
        .flatMap(mapping -> Arrays.stream(types.apply(mapping)))
        .filter(type -> !type.equals(MediaType.ALL_VALUE))
        .forEach(type -> content.put(type, Map.of("schema", Map.of("type", "string"))));
    return content.isEmpty() ? Optional.empty() : Optional.of(content);
  }

  private static Map<String, Object> json(Type type, Schemas schemas) {
    return Map.of("application/json", Map.of("schema", schemas.of(type)));
  }

  /** Returns the accepted schemes, of which one is enough; an open route has none. */
  private static List<Map<String, Object>> security(Route route) {
    if (route.isOpen()) {
      return List.of();
    }
    return route.schemes().stream()
        .filter(
            scheme ->
                scheme != AuthenticationScheme.ACTING
                    || route.scope() == null
                    || !scopes(route, scheme).isEmpty())
        .map(scheme -> Map.<String, Object>of(scheme(scheme), scopes(route, scheme)))
        .toList();
  }

  /** Returns the scopes that a credential of a scheme needs, under the names that it has them. */
  private static List<String> scopes(Route route, AuthenticationScheme scheme) {
    var scope = route.scope();
    if (scope == null) {
      return List.of();
    }
    return switch (scheme) {
      case SESSION, WATCH_TOKEN -> List.of();
      case ACTING ->
          Scope.OF_PLATFORMS.stream()
              .filter(platforms -> platforms.grants().contains(scope))
              .map(Scope::wire)
              .toList();
      default -> List.of(scope.wire());
    };
  }

  private Map<String, Object> securitySchemes() {
    var schemes = new TreeMap<String, Object>();
    routes.stream()
        .filter(Route::isDocumented)
        .flatMap(route -> route.schemes().stream())
        .filter(scheme -> scheme != AuthenticationScheme.NONE)
        .forEach(scheme -> schemes.put(scheme(scheme), description(scheme)));
    return schemes;
  }

  private static String scheme(AuthenticationScheme scheme) {
    return switch (scheme) {
      case SESSION -> "session";
      case API_KEY -> "api_key";
      case BEARER -> "oauth2";
      case ACTING, PLATFORM -> "platform";
      case WATCH_TOKEN -> "watch_token";
      case NONE, SIGNATURE, CLIENT ->
          throw new IllegalStateException(
              "No documented route has this authentication scheme: " + scheme + ".");
    };
  }

  private static Map<String, Object> description(AuthenticationScheme scheme) {
    return switch (scheme) {
      case SESSION -> Map.of("type", "apiKey", "in", "cookie", "name", "behalf");
      // Described as an apiKey: of the HTTP schemes, generators support only Basic and Bearer.
      case API_KEY ->
          Map.of(
              "type",
              "apiKey",
              "in",
              "header",
              "name",
              "Authorization",
              "description",
              "`Api-Key ` and the key, with one space between.");
      case WATCH_TOKEN -> Map.of("type", "http", "scheme", "bearer");
      case ACTING, PLATFORM ->
          Map.of(
              "type",
              "oauth2",
              "description",
              "The token of a platform. For all but its users, send the header `Behalf-On-Behalf-Of`"
                  + " with the external id of a user, or a token that was exchanged for one.",
              "flows",
              Map.of(
                  "clientCredentials",
                  Map.of("tokenUrl", "/oauth2/token", "scopes", scopes(Scope.OF_PLATFORMS))));
      default ->
          Map.of(
              "type",
              "oauth2",
              "flows",
              Map.of(
                  "authorizationCode",
                  Map.of(
                      "authorizationUrl",
                      "/oauth2/authorize",
                      "tokenUrl",
                      "/oauth2/token",
                      "refreshUrl",
                      "/oauth2/token",
                      "scopes",
                      scopes(Scope.GRANTABLE))));
    };
  }

  private static Map<String, String> scopes(Set<Scope> all) {
    var scopes = new LinkedHashMap<String, String>();
    all.forEach(scope -> scopes.put(scope.wire(), scope.sentence()));
    return scopes;
  }

  private static Map<String, Object> problem() {
    var text = Map.of("type", "string");
    return Map.of(
        "type",
        "object",
        "properties",
        Map.of(
            "type",
            text,
            "title",
            text,
            "status",
            Map.of("type", "integer"),
            "detail",
            text,
            "code",
            Map.of(
                "type",
                "string",
                "enum",
                Arrays.stream(ProblemCode.values()).map(ProblemCode::wire).toList()),
            "field",
            text,
            "errors",
            Map.of(
                "type",
                "array",
                "items",
                Map.of("type", "object", "properties", Map.of("pointer", text, "detail", text))),
            "trace_id",
            text),
        "required",
        List.of("type", "title", "status", "detail", "code"));
  }
}
