package dev.behalf.web.identity.oauth;

import dev.behalf.contract.StrictJson;
import dev.behalf.testkit.Person;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An application as the protocol has it, request by request: to try what a good client never does.
 */
public final class OAuth {

  public static final String REDIRECT = "http://127.0.0.1:9/callback";

  private static final String VERIFIER = "a-verifier-that-is-long-enough-for-pkce-0123456789";
  private static final Pattern CLIENT_ID = Pattern.compile("id=\"client-id\"[^>]*>([^<]+)<");
  private static final Pattern SECRET = Pattern.compile("id=\"client-secret\"[^>]*>([^<]+)<");

  private final URI site;
  private final HttpClient browser;
  private final String clientId;
  private final @Nullable String secret;

  private OAuth(URI site, HttpClient browser, String clientId, @Nullable String secret) {
    this.site = site;
    this.browser = browser;
    this.clientId = clientId;
    this.secret = secret;
  }

  /** Registered by that person, and used in that person's browser. */
  public static OAuth register(URI site, Person person, String kind, String... scopes)
      throws Exception {
    var fields = new LinkedHashMap<String, String>();
    fields.put("name", "Robot of " + person.email());
    fields.put("kind", kind);
    fields.put("redirect_uris", REDIRECT);
    fields.put("scopes", String.join(",", scopes));
    var page = person.form("/applications", fields);
    var id = CLIENT_ID.matcher(page.body());
    if (!id.find()) {
      throw new IllegalStateException(page.statusCode() + " " + page.body());
    }
    var secret = SECRET.matcher(page.body());
    return new OAuth(site, browser(person), id.group(1), secret.find() ? secret.group(1) : null);
  }

  /** The same application in somebody else's browser. */
  public OAuth usedBy(Person person) {
    return new OAuth(site, browser(person), clientId, secret);
  }

  public String clientId() {
    return clientId;
  }

  public @Nullable String secret() {
    return secret;
  }

  /** What the browser is answered that the application sends here. */
  public HttpResponse<String> authorize(String... scopes) throws Exception {
    return get(
        "/oauth2/authorize?"
            + encode(
                Map.of(
                    "response_type",
                    "code",
                    "client_id",
                    clientId,
                    "redirect_uri",
                    REDIRECT,
                    "scope",
                    String.join(" ", scopes),
                    "state",
                    "xyz",
                    "code_challenge",
                    challenge(),
                    "code_challenge_method",
                    "S256")));
  }

  /** Allows all that is asked for, and gives the code. */
  public String code(String... scopes) throws Exception {
    var answer = authorize(scopes);
    var location = location(answer);
    if (location.startsWith(REDIRECT)) {
      return parameter(location, "code");
    }
    var form = encode(Map.of("client_id", clientId, "state", parameter(location, "state")));
    var allowed =
        Arrays.stream(scopes).map(scope -> "&scope=" + encode(scope)).collect(Collectors.joining());
    return parameter(location(post("/oauth2/authorize", form + allowed)), "code");
  }

  /** Presses the other button of the consent page; says where that leads. */
  public String deny(Person person, String state) throws Exception {
    var token = person.token();
    return location(post("/oauth2/denial", encode(Map.of("state", state, "_csrf", token))));
  }

  public HttpResponse<String> exchange(String code, String verifier) throws Exception {
    return token(
        Map.of(
            "grant_type", "authorization_code",
            "code", code,
            "redirect_uri", REDIRECT,
            "code_verifier", verifier));
  }

  public HttpResponse<String> exchange(String code) throws Exception {
    return exchange(code, VERIFIER);
  }

  /** All of it: the answer of the token endpoint. */
  public JsonNode tokens(String... scopes) throws Exception {
    var answer = exchange(code(scopes));
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
    return StrictJson.MAPPER.readTree(answer.body());
  }

  public HttpResponse<String> refresh(String refreshToken) throws Exception {
    return token(Map.of("grant_type", "refresh_token", "refresh_token", refreshToken));
  }

  public HttpResponse<String> revoke(String token) throws Exception {
    return client("/oauth2/revoke", Map.of("token", token));
  }

  public HttpResponse<String> introspect(String token) throws Exception {
    return client("/oauth2/introspect", Map.of("token", token));
  }

  private HttpResponse<String> token(Map<String, String> fields) throws Exception {
    return client("/oauth2/token", fields);
  }

  private HttpResponse<String> client(String path, Map<String, String> fields) throws Exception {
    var all = new LinkedHashMap<>(fields);
    var request = HttpRequest.newBuilder(site.resolve(path));
    if (secret == null) {
      all.put("client_id", clientId);
    } else {
      var pair = (clientId + ":" + secret).getBytes(StandardCharsets.UTF_8);
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    }
    return HttpClient.newHttpClient()
        .send(
            request
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(encode(all)))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return browser.send(
        HttpRequest.newBuilder(site.resolve(path)).header("Accept", "text/html").build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String form) throws Exception {
    return browser.send(
        HttpRequest.newBuilder(site.resolve(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  static String location(HttpResponse<String> answer) {
    return answer
        .headers()
        .firstValue("Location")
        .orElseThrow(() -> new IllegalStateException(answer.statusCode() + " " + answer.body()));
  }

  static String parameter(String uri, String name) {
    return Arrays.stream(URI.create(uri).getQuery().split("&", -1))
        .filter(pair -> pair.startsWith(name + "="))
        .map(pair -> pair.substring(name.length() + 1))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(uri));
  }

  /** With the person's cookies, and stopping at each redirect. */
  private static HttpClient browser(Person person) {
    return HttpClient.newBuilder()
        .cookieHandler(person.http().cookieHandler().orElseThrow())
        .followRedirects(HttpClient.Redirect.NEVER)
        .build();
  }

  private static String challenge() throws Exception {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(
            MessageDigest.getInstance("SHA-256")
                .digest(VERIFIER.getBytes(StandardCharsets.US_ASCII)));
  }

  private static String encode(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> field.getKey() + "=" + encode(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
