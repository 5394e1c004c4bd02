package dev.behalf.compute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import dev.behalf.contract.KeyRing;
import dev.behalf.contract.StrictJson;
import dev.behalf.database.BehalfDatabase;
import dev.behalf.server.apikeys.KeyHasher;
import dev.behalf.testkit.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** compute-server alone, on a real database. */
@Tag("server")
@Import(TestClock.class)
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "management.server.port=0")
public abstract class ComputeTest {

  protected static final BehalfDatabase DATABASE = ShippedOperations.apply(TestDatabase.create());
  protected static final String PEPPERS = "1:" + Base64.getEncoder().encodeToString(new byte[32]);
  protected static final KeyHasher HASHER = new KeyHasher(KeyRing.parse(PEPPERS));
  protected static final HttpClient HTTP = HttpClient.newHttpClient();

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("spring.datasource.url", DATABASE::url);
    registry.add("spring.datasource.username", () -> DATABASE.roles().compute().name());
    registry.add("spring.datasource.password", () -> DATABASE.roles().compute().password());
    registry.add("behalf.peppers", () -> PEPPERS);
  }

  @LocalServerPort protected int port;

  protected HttpResponse<String> post(String key, UUID id, String payload) throws Exception {
    return send(
        key,
        "/v1/ai/jobs",
        ("{\"job_id\":\"" + id + "\",\"payload\":" + payload + "}")
            .getBytes(StandardCharsets.UTF_8));
  }

  protected HttpResponse<String> send(String key, String path, byte[] body) throws Exception {
    return HTTP.send(
        request(key, path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  protected HttpResponse<String> get(@Nullable String key, String path) throws Exception {
    return HTTP.send(request(key, path).build(), HttpResponse.BodyHandlers.ofString());
  }

  protected HttpRequest.Builder request(@Nullable String key, String path) {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    return key == null ? request : request.header("Authorization", "Api-Key " + key);
  }

  protected static void assertProblem(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(json(answer).required("code").asString()).isEqualTo(code);
    assertThat(json(answer).required("detail").asString()).isNotBlank();
  }

  protected static JsonNode json(HttpResponse<String> answer) {
    return StrictJson.MAPPER.readTree(answer.body());
  }

  protected static UUID newUser() {
    var id = UUID.randomUUID();
    sql("insert into accounts.users values ('" + id + "', '" + id + "@example.com', '', now(), 0)");
    return id;
  }

  protected static String newKey(UUID user, Environment environment, String scopes) {
    var key = ApiKeyFormat.generate(environment);
    var hash = HASHER.hash(key.secret());
    sql(
        "insert into accounts.api_keys (user_id, key_id, kind, environment, name, hash, pepper_id, scopes, created_at, version)"
            + " values ('%s', '%s', 'personal', '%s', 'k', '%s', '%s', '%s', now(), 0)"
                .formatted(
                    user, key.keyId(), environment.wire(), hash.value(), hash.pepperId(), scopes));
    return key.reveal();
  }

  protected static void limit(UUID user, int units) {
    sql(
        "insert into compute.quota values ('%s', 'live', to_char(now() at time zone 'UTC', 'YYYY-MM'), %d, 0)"
            .formatted(user, units));
  }

  protected static long used(UUID user) {
    return number(
        "select coalesce(sum(used), 0) from compute.quota where environment = 'live' and user_id = '"
            + user
            + "'");
  }

  protected static long charges(UUID user) {
    return number("select count(*) from compute.ledger where user_id = '" + user + "'");
  }

  protected static void sql(String statement) {
    try {
      TestDatabase.execute(DATABASE, statement);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  protected static long number(String query) {
    return Long.parseLong(text(query));
  }

  protected static String text(String query) {
    return TestDatabase.text(DATABASE, query);
  }

  protected interface Call {
    HttpResponse<String> make(int index) throws Exception;
  }

  protected static List<HttpResponse<String>> atOnce(int count, Call call) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var pending = new ArrayList<Future<HttpResponse<String>>>();
      for (int i = 0; i < count; i++) {
        int index = i;
        pending.add(threads.submit(() -> call.make(index)));
      }
      var answers = new ArrayList<HttpResponse<String>>();
      for (var answer : pending) {
        answers.add(answer.get());
      }
      return answers;
    }
  }
}
