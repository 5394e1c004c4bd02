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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Somebody at a browser, as far as HTTP is concerned: cookies, forms with their token, and the API
 * behind them.
 */
public final class Person {

  private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\"[^>]*?value=\"([^\"]+)\"");

  private final HttpClient http;
  private final URI site;
  private final String email;
  private String token = "";

  private Person(URI site, String email) {
    this.site = site;
    this.email = email;
    this.http =
        HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
  }

  /** Somebody who is not signed in. */
  public static Person at(URI site, String email) {
    return new Person(site, email);
  }

  /** Makes an account, and is signed in then. */
  public static Person signUp(URI site, String email, String password)
      throws IOException, InterruptedException {
    var person = new Person(site, email);
    person.readToken(person.page("/signup"));
    var home = person.form("/signup", Map.of("email", email, "password", password));
    if (!home.uri().getPath().equals("/home")) {
      throw new IOException("The sign-up of " + email + " was answered " + home.statusCode() + ".");
    }
    person.readToken(home);
    return person;
  }

  /** Signs in again, after a sign-out. */
  public HttpResponse<String> signIn(String password) throws IOException, InterruptedException {
    readToken(page("/signin"));
    var answer = form("/signin", Map.of("email", email, "password", password));
    readToken(answer);
    return answer;
  }

  public String email() {
    return email;
  }

  public HttpResponse<String> page(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  /** Sends a form with the token of the last page that had one. */
  public HttpResponse<String> form(String path, Map<String, String> fields)
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

  /** Sends any body to the API, in the session. */
  public HttpResponse<String> post(String path, byte[] json, String... headers)
      throws IOException, InterruptedException {
    var request =
        request(path)
            .header("Content-Type", "application/json")
            .header("X-CSRF-TOKEN", token)
            .POST(HttpRequest.BodyPublishers.ofByteArray(json));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  /** Changes by the API, in the session. */
  public HttpResponse<String> patch(String path, byte[] json)
      throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .header("X-CSRF-TOKEN", token)
            .method("PATCH", HttpRequest.BodyPublishers.ofByteArray(json)));
  }

  /** Takes back by the API, in the session, what was begun there. */
  public HttpResponse<String> delete(String path) throws IOException, InterruptedException {
    return send(request(path).header("X-CSRF-TOKEN", token).DELETE());
  }

  /** Queues a job and gives its id. */
  public UUID submit(Environment environment, JobPayload payload)
      throws IOException, InterruptedException {
    var body = StrictJson.write(Map.of("environment", environment, "payload", payload));
    var answer = post("/api/v1/jobs", body, "Idempotency-Key", UUID.randomUUID().toString());
    if (answer.statusCode() != 202) {
      throw new IOException("A job was answered " + answer.statusCode() + ": " + answer.body());
    }
    return UUID.fromString(json(answer).required("id").asString());
  }

  public JsonNode job(UUID id) throws IOException, InterruptedException {
    return json(page("/api/v1/jobs/" + id));
  }

  /** The newest hundred jobs. */
  public List<JsonNode> jobs() throws IOException, InterruptedException {
    return json(page("/api/v1/jobs?limit=100")).required("jobs").valueStream().toList();
  }

  /** This month in an environment: {@code used}, {@code limit} and {@code left}. */
  public JsonNode usage(Environment environment) throws IOException, InterruptedException {
    return json(page("/api/v1/usage"))
        .required("usage")
        .valueStream()
        .filter(month -> month.required("environment").asString().equals(environment.wire()))
        .findFirst()
        .orElseThrow();
  }

  /** Against forged requests: what the last page with a form has said. */
  public String token() {
    return token;
  }

  /** The client with the session in it, for what is not covered here. */
  public HttpClient http() {
    return http;
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(site.resolve(path)).timeout(Duration.ofSeconds(30));
  }

  private void readToken(HttpResponse<String> page) throws IOException {
    var match = TOKEN.matcher(page.body());
    if (!match.find()) {
      throw new IOException(page.uri() + " has no form (" + page.statusCode() + ").");
    }
    token = match.group(1);
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return StrictJson.MAPPER.readTree(answer.body());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
