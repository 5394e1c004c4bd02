package dev.behalf.standalone;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.StrictJson;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** A user's HTTP session with web-app: its cookies, the CSRF token of its forms, and the API. */
public class WebSession {

  private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\"[^>]*?value=\"([^\"]+)\"");

  private final HttpClient http;
  private final URI site;
  private final String email;
  private String token = "";

  /** Creates a session in which nobody has signed in yet. */
  protected WebSession(URI site, String email) {
    this.site = site;
    this.email = email;
    this.http =
        HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
  }

  /** Creates an account and returns its session, which is signed in. */
  static WebSession signUp(URI site, String email, String password)
      throws IOException, InterruptedException {
    var session = new WebSession(site, email);
    session.signUp(password);
    return session;
  }

  /** Creates an account with the e-mail address of this session, and signs in. */
  protected void signUp(String password) throws IOException, InterruptedException {
    readToken(page("/signup"));
    var home = form("/signup", Map.of("email", email, "password", password));
    if (!home.uri().getPath().equals("/home")) {
      throw new IOException("The sign-up of " + email + " failed with " + home.statusCode() + ".");
    }
    readToken(home);
  }

  public final String email() {
    return email;
  }

  public final HttpResponse<String> page(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  /** Sends a form with the CSRF token of the session. */
  public final HttpResponse<String> form(String path, Map<String, String> fields)
      throws IOException, InterruptedException {
    var body =
        fields.entrySet().stream()
            .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
            .collect(Collectors.joining("&", "_csrf=" + encode(token) + "&", ""));
    return send(
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Sends JSON to the API, or another type of body if a header says so. */
  public final HttpResponse<String> post(String path, byte[] json, String... headers)
      throws IOException, InterruptedException {
    var request =
        request(path)
            .header("Content-Type", "application/json")
            .header("X-CSRF-TOKEN", token)
            .POST(HttpRequest.BodyPublishers.ofByteArray(json));
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return send(request);
  }

  /** Submits a job and returns its id. */
  public final UUID submit(Environment environment, JobPayload payload)
      throws IOException, InterruptedException {
    var body = StrictJson.write(Map.of("environment", environment, "payload", payload));
    var answer = post("/api/v1/jobs", body, "Idempotency-Key", UUID.randomUUID().toString());
    if (answer.statusCode() != 202) {
      throw new IOException("Submission failed with " + answer.statusCode() + ": " + answer.body());
    }
    return UUID.fromString(json(answer).required("id").asString());
  }

  public final JsonNode job(UUID id) throws IOException, InterruptedException {
    return json(page("/api/v1/jobs/" + id));
  }

  /** Returns this month's usage in an environment: {@code used}, {@code limit} and {@code left}. */
  public final JsonNode usage(Environment environment) throws IOException, InterruptedException {
    return json(page("/api/v1/usage"))
        .required("usage")
        .valueStream()
        .filter(month -> month.required("environment").asString().equals(environment.wire()))
        .findFirst()
        .orElseThrow();
  }

  /** Returns the CSRF token, taken from the last form page that was read for it. */
  public final String token() {
    return token;
  }

  /** Returns the HTTP client that holds the session's cookies. */
  public final HttpClient http() {
    return http;
  }

  protected final HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  protected final HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(site.resolve(path)).timeout(Duration.ofSeconds(30));
  }

  protected final void readToken(HttpResponse<String> page) throws IOException {
    var match = TOKEN.matcher(page.body());
    if (!match.find()) {
      throw new IOException(page.uri() + " has no form (" + page.statusCode() + ").");
    }
    token = match.group(1);
  }

  protected static JsonNode json(HttpResponse<String> answer) {
    return StrictJson.MAPPER.readTree(answer.body());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
