package dev.behalf.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.behalf.contract.StrictJson;
import dev.behalf.testkit.BehalfSystem;
import dev.behalf.testkit.Person;
import dev.behalf.testkit.RawHttp;
import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Somebody who sends what nobody should, the same for the same seed. */
final class Attacker {

  private static final int REQUESTS_OF_AN_ACCOUNT = 400;

  /** The tables of routes; that they name every address, another test sees to. */
  private static final List<Target> TARGETS =
      List.copyOf(
          targets(
              "web-app/src/main/java/dev/behalf/web/site/security/Routes.java",
              "compute-server/src/main/java/dev/behalf/compute/security/Routes.java"));

  private static final List<String> VALUES =
      List.of(
          "",
          " ",
          "%00",
          "%E9",
          "\u202e",
          "\uFFFD",
          "e\u0301",
          "\uD83D\uDC69\u200D\uD83D\uDE80",
          "-1",
          "0",
          "2.9",
          "1e309",
          "NaN",
          "99999999999999999999",
          "true",
          "null",
          "[]",
          "{}",
          "'; drop table jobs.jobs; --",
          "../../../etc/passwd",
          "<script>alert(1)</script>",
          "${jndi:ldap://x}",
          "#{7*7}",
          "2026-13-45",
          "0000-00",
          "9999-99",
          "+999999999-12-31T23:59:59Z",
          "-999999999-01-01T00:00:00Z",
          "since:999999999999d",
          "q:\"",
          "state:nothing",
          "live",
          "test",
          "now",
          "10.0.0.0/999",
          "::ffff:1.2.3.4/64",
          "https://127.0.0.1:1/",
          "http://[::1",
          "com.example.app:cb",
          "javascript:alert(1)",
          "ada@example.com\u200b",
          "x".repeat(300),
          "y".repeat(70_000),
          "00000000-0000-0000-0000-000000000000");

  private static final List<String> FIELDS =
      List.of(
          "email",
          "password",
          "current",
          "next",
          "operation",
          "text",
          "labels",
          "other",
          "requestId",
          "environment",
          "name",
          "scopes",
          "scope",
          "expires",
          "expiresAt",
          "networks",
          "dailyCap",
          "overlap",
          "silentFor",
          "q",
          "cursor",
          "before",
          "limit",
          "url",
          "events",
          "description",
          "redirectUris",
          "kind",
          "client_id",
          "client_secret",
          "response_type",
          "redirect_uri",
          "code",
          "code_challenge",
          "code_verifier",
          "grant_type",
          "refresh_token",
          "token",
          "state",
          "theme",
          "language",
          "zone",
          "word",
          "revoke",
          "receipt",
          "secret",
          "signature",
          "body",
          "period",
          "format",
          "from",
          "until",
          "by",
          "group",
          "size",
          "after",
          "action",
          "preview",
          "units",
          "reason",
          "form",
          "continue");

  private static final List<String> BODIES =
      List.of(
          "{\"payload\":{\"operation\":\"echo\",\"text\":\"@\"}}",
          "{\"payload\":{\"operation\":\"@\",\"text\":\"x\"}}",
          "{\"payload\":{\"operation\":\"classify\",\"text\":\"x\",\"labels\":[\"a\",\"@\"],\"examples\":{\"a\":[\"@\"]}}}",
          "{\"payload\":{\"operation\":\"keywords\",\"text\":\"@\",\"limit\":@}}",
          "{\"payload\":{\"operation\":\"echo\",\"text\":\"x\"},\"not_before\":\"@\",\"priority\":\"@\",\"environment\":\"@\"}",
          "{\"job_id\":\"@\",\"payload\":{\"operation\":\"echo\",\"text\":\"@\"}}",
          "{\"job_id\":\"00000000-0000-4000-8000-00000000000@\",\"payload\":{\"operation\":\"similarity\",\"text\":\"@\",\"other\":\"@\"}}",
          "{\"name\":\"@\",\"environment\":\"live\",\"scopes\":[\"jobs:read\"],\"expires_at\":\"@\",\"networks\":[\"@\"],\"daily_cap\":@}",
          "{\"overlap\":\"@\",\"silent_for\":\"@\"}",
          "{\"environment\":\"@\"}",
          "{\"url\":\"@\",\"events\":[\"job.failed\",\"@\"],\"description\":\"@\"}",
          "{\"description\":\"@\"}",
          "[{\"token\":\"@\",\"type\":\"@\",\"url\":\"@\"}]",
          "{\"job_id\":\"@\",\"user_id\":\"@\",\"environment\":\"@\"}",
          "@");

  private record Target(boolean isCompute, String method, String path) {}

  private final BehalfSystem behalf;
  private final Random random;
  private String key = "";
  private String cookie = "";
  private String token = "";

  Attacker(BehalfSystem behalf, long seed) {
    this.behalf = behalf;
    this.random = new Random(seed);
  }

  /** How often each answer came: its status, and of a 5xx the request too. */
  Map<String, Integer> send(int requests) throws Exception {
    var answers = new TreeMap<String, Integer>();
    for (int i = 0; i < requests; i++) {
      if (i % REQUESTS_OF_AN_ACCOUNT == 0) {
        beSomebodyNew();
      }
      // Each of them at least once in a round, and then by chance.
      var target =
          i < TARGETS.size() ? TARGETS.get(i) : TARGETS.get(random.nextInt(TARGETS.size()));
      answers.merge(answer(target), 1, Integer::sum);
    }
    return answers;
  }

  private String answer(Target target) {
    var path = path(target);
    var request =
        RawHttp.request(
                target.isCompute() ? behalf.compute() : behalf.web(),
                random.nextInt(30) == 0
                    ? any(List.of("PUT", "TRACE", "HEAD", "NONSENSE"))
                    : target.method(),
                path)
            .patience(target.path().equals("/live") ? 100 : 20_000);
    var note = target.method() + " " + path;
    prove(request);
    decorate(request);
    if (!target.method().equals("GET") || random.nextInt(20) == 0) {
      note += " " + body(request, target);
    }
    try {
      var answer = request.send();
      return answer.status() < 500 || answer.body().contains("\"code\":\"busy\"")
          ? answer.status() < 500 ? "" + answer.status() : "429"
          : answer.status() + " " + cut(note) + " → " + cut(answer.body());
    } catch (IOException hungUp) {
      // A stream that has not begun to say something, or a request that nobody can answer.
      return "000";
    }
  }

  private String path(Target target) {
    var path = target.path().replace("*", "app");
    while (path.contains("{")) {
      path = path.replaceFirst("\\{[^}]*}", id());
    }
    return random.nextInt(3) == 0 ? path : path + "?" + pairs();
  }

  private String id() {
    return switch (random.nextInt(4)) {
      case 0 -> UUID.randomUUID().toString();
      case 1 -> "17";
      case 2 -> URLEncoder.encode(cut(value()), UTF_8).replace("+", "%20");
      default -> "%2e%2e";
    };
  }

  private String pairs() {
    var pairs = new ArrayList<String>();
    for (int i = random.nextInt(6); i >= 0; i--) {
      var value = value();
      var text = value.length() > 400 && random.nextInt(4) != 0 ? value.substring(0, 400) : value;
      // Sometimes as it is, and sometimes in an encoding that nobody decodes.
      pairs.add(
          any(FIELDS)
              + "="
              + (random.nextInt(80) == 0
                  ? any(List.of("%E9", "%ED%A0%80", "%", "%zz"))
                  : URLEncoder.encode(text, UTF_8)));
    }
    var query = String.join("&", pairs);
    // Cut off in the middle of an escape it is a malformed one more.
    return query.length() > 6_000 && random.nextInt(4) != 0 ? "q=" : query;
  }

  private void prove(RawHttp request) {
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> request.header("Authorization", "Api-Key " + key);
      case 3, 4 -> {
        request.header("Cookie", "behalf=" + cookie);
        request.header("X-CSRF-TOKEN", token);
      }
      case 5 ->
          request.header(
              "Authorization",
              any(List.of("Api-Key", "Bearer", "Basic", "")) + " " + printable(value()));
      case 6 ->
          request.header("Cookie", "behalf=" + printable(value()) + "; look=" + printable(value()));
      default -> {}
    }
  }

  private void decorate(RawHttp request) {
    for (int i = random.nextInt(3); i > 0; i--) {
      var value = printable(value());
      switch (random.nextInt(9)) {
        case 0 ->
            request.header(
                "Accept",
                any(List.of("text/html", "*/*;q=0", "nonsense", "application/json", value)));
        case 1 -> request.header("Accept-Language", "de,".repeat(random.nextInt(40)) + "en");
        case 2 -> request.header("User-Agent", value);
        case 3 -> request.header("Idempotency-Key", value);
        case 4 -> request.header("Last-Event-ID", value);
        case 5 -> request.header("Origin", value);
        case 6 -> request.header("traceparent", value);
        case 7 -> request.header("Content-Encoding", any(List.of("gzip", "identity", value)));
        default -> request.header("X-Forwarded-For", value);
      }
    }
  }

  private String body(RawHttp request, Target target) {
    var isApi =
        target.isCompute()
            || target.path().startsWith("/api")
            || target.path().startsWith("/internal");
    var kind = random.nextInt(20);
    String content;
    String type;
    if (kind == 0) {
      type = "application/json";
      content = any(List.of("[", "{\"a\":")).repeat(1 + random.nextInt(3_000));
    } else if (kind == 1) {
      type = any(List.of("application/json", "application/x-www-form-urlencoded"));
      content = "text=" + "z".repeat(random.nextInt(3_000_000));
    } else if (kind == 2) {
      type = "multipart/form-data; boundary=b";
      content = parts();
    } else if (isApi || kind == 3) {
      type = "application/json";
      content = json();
    } else {
      type = "application/x-www-form-urlencoded";
      content = "_csrf=" + URLEncoder.encode(token, UTF_8) + "&" + pairs();
    }
    request.body(type, content);
    return type + " " + cut(content);
  }

  private String parts() {
    var parts = new StringBuilder();
    parts
        .append("--b\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\n")
        .append(token)
        .append("\r\n");
    for (int i = random.nextInt(70); i > 0; i--) {
      parts
          .append("--b\r\nContent-Disposition: form-data; name=\"")
          .append(any(List.of("file", "x")))
          .append(random.nextBoolean() ? "\"; filename=\"a.csv" : "")
          .append("\"\r\n\r\n")
          .append(any(List.of(value(), "operation,text\necho,hi\n", "operation,operation\n\"")))
          .append("\r\n");
    }
    return random.nextInt(5) == 0 ? parts.toString() : parts + "--b--\r\n";
  }

  private String json() {
    var body = any(BODIES);
    while (body.contains("@")) {
      var at = body.indexOf('@');
      body = body.substring(0, at) + escaped(value()) + body.substring(at + 1);
    }
    return random.nextInt(10) == 0 ? body.substring(0, random.nextInt(body.length() + 1)) : body;
  }

  private String escaped(String value) {
    var text = StrictJson.MAPPER.writeValueAsString(value.replace("@", ""));
    var inside = text.substring(1, text.length() - 1);
    return random.nextInt(8) == 0
        ? inside + any(List.of("\\u0000", "\\ud800", "\\x", "\""))
        : inside;
  }

  private void beSomebodyNew() throws Exception {
    var person = behalf.signUp();
    var answer =
        person.post(
            "/api/v1/keys",
            """
            {"name":"k","environment":"live","scopes":["jobs:read","jobs:write","usage:read","keys:read","keys:write","webhooks:read","webhooks:write"]}
            """
                .getBytes(UTF_8));
    key = StrictJson.MAPPER.readTree(answer.body()).required("secret").asString();
    token = person.token();
    cookie = cookie(person);
  }

  private static String cookie(Person person) {
    var manager = (CookieManager) person.http().cookieHandler().orElseThrow();
    return manager.getCookieStore().getCookies().stream()
        .filter(one -> one.getName().equals("behalf"))
        .map(HttpCookie::getValue)
        .findFirst()
        .orElseThrow();
  }

  private String value() {
    return random.nextInt(60) == 0 ? any(List.of("\0", "a\0b")) : any(VALUES);
  }

  /** No line break, which would end the header. */
  private static String printable(String value) {
    return cut(value).replaceAll("[\\r\\n\\x00]", "?");
  }

  private static String cut(String text) {
    return text.length() <= 300 ? text : text.substring(0, 300) + "…";
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private static List<Target> targets(String... tables) {
    var home = Path.of(System.getProperty("behalf.home", ".."));
    var route = Pattern.compile("\\b(GET|POST|PATCH|DELETE)\\s*,\\s*\"(/[^\"]*)\"");
    var targets = new ArrayList<Target>();
    for (var table : tables) {
      try {
        route
            .matcher(Files.readString(home.resolve(table)))
            .results()
            .map(found -> new Target(table.startsWith("compute"), found.group(1), found.group(2)))
            .forEach(targets::add);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
    if (targets.size() < 120) {
      throw new IllegalStateException(
          "Only " + targets.stream().map(Target::path).collect(Collectors.joining(" ")));
    }
    return targets;
  }
}
