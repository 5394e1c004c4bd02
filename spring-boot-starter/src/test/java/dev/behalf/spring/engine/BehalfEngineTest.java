package dev.behalf.spring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.Environment;
import dev.behalf.contract.StrictJson;
import dev.behalf.engine.Endpoint;
import dev.behalf.engine.EngineAnswer;
import dev.behalf.engine.EngineCall;
import dev.behalf.engine.EngineCheck;
import dev.behalf.engine.EngineClient;
import dev.behalf.engine.EngineEvent;
import dev.behalf.engine.EngineSecret;
import dev.behalf.engine.EngineStop;
import dev.behalf.operation.Definition;
import dev.behalf.operation.Definitions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.node.ObjectNode;

/** An application with engines and Spring Security, called as compute-server calls it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BehalfEngineTest {

  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String NEXT = "fedcba9876543210fedcba9876543210";
  private static final UUID JOB = new UUID(0, 1);
  private static final UUID USER = new UUID(0, 2);

  private final EngineClient client = new EngineClient(InstantSource.system());
  private ServletWebServerApplicationContext application;
  private Letters letters;
  private Path folder;

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {

    @Bean
    Letters letters() {
      return new Letters();
    }
  }

  @BeforeAll
  void start(@TempDir Path definitions) {
    folder = definitions;
    application =
        (ServletWebServerApplicationContext)
            SpringApplication.run(
                Application.class,
                "--server.port=0",
                "--spring.main.banner-mode=off",
                "--spring.datasource.url=jdbc:h2:mem:engines",
                "--behalf.engine.secrets=" + NEXT + "," + SECRET,
                "--behalf.engine.secret-name=gpu",
                "--behalf.engine.heartbeat=50ms",
                "--behalf.engine.definitions=" + definitions);
    letters = application.getBean(Letters.class);
  }

  @AfterAll
  void stop() {
    application.close();
  }

  @Test
  void an_annotated_method_obeys_each_rule_of_the_engine_protocol() throws Exception {
    for (var name : List.of("letter", "long-letter", "noted")) {
      assertThat(EngineCheck.run(client, definition(name), EngineSecret.of("gpu", SECRET)))
          .hasSizeBetween(8, 9)
          .allSatisfy(finding -> assertThat(finding.fault()).as(finding.rule()).isNull());
    }
  }

  @Test
  void the_definition_has_the_schema_of_the_record_and_what_the_annotation_adds() throws Exception {
    var letter = definition("letter");

    assertThat(letter.title().toString()).contains("Write a letter").contains("写信");
    assertThat(StrictJson.text(letter.input().json()))
        .isEqualTo(
            """
            {"type":"object","properties":{\
            "name":{"type":"string","description":"To whom it is written.","minLength":1,"maxLength":200},\
            "lines":{"type":"integer","minimum":1,"maximum":3},\
            "tone":{"type":"string","enum":["WARM","PLAIN"]},\
            "address":{"type":"object","properties":{"street":{"type":"string"},"country":{"type":"string"}},\
            "required":["street"],"additionalProperties":false},\
            "notes":{"maxItems":5,"type":"array","items":{"type":"string"}}},\
            "required":["name","lines","notes"],"additionalProperties":false}""");
    assertThat(definition("for-ever").title().toString()).contains("For ever");
    assertThat(letter.isLong()).isFalse();
    assertThat(definition("long-letter").isLong()).isTrue();
  }

  @Test
  void a_file_of_a_definition_that_has_not_changed_is_not_touched() throws Exception {
    var file = folder.resolve("letter.yaml");
    var before = Files.getLastModifiedTime(file);

    application
        .getBean(EngineDefinitions.class)
        .write(folder, URI.create("http://127.0.0.1:" + port()));

    assertThat(Files.getLastModifiedTime(file)).isEqualTo(before);
    assertThat(Files.readString(file)).startsWith("# Made from the engine Letters.write");
  }

  @Test
  void what_a_long_method_says_comes_before_its_result() throws Exception {
    var events = new ArrayList<String>();

    var answer = call("long-letter", "{\"name\":\"Ada\",\"lines\":2,\"notes\":[]}", events);

    assertThat(answer)
        .asInstanceOf(type(EngineAnswer.Done.class))
        .satisfies(
            done -> {
              assertThat(done.result().required("text").asString()).isEqualTo("Dear Ada");
              assertThat(done.units()).hasValue(2);
            });
    assertThat(events)
        .containsExactly("Output", "Progress", "Usage", "Output", "Progress", "Usage", "Log");
  }

  @Test
  void a_method_knows_whose_work_it_does() throws Exception {
    assertThat(call("echo-user", "{}", new ArrayList<>()))
        .asInstanceOf(type(EngineAnswer.Done.class))
        .satisfies(
            done -> {
              assertThat(done.result().required("user").asString()).isEqualTo(USER.toString());
              assertThat(done.result().required("job").asString()).isEqualTo(JOB.toString());
            });
  }

  @Test
  void a_problem_is_refused_repeated_or_waits_as_the_method_says() throws Exception {
    assertThat(call("moody", "{\"mood\":\"refusing\"}", new ArrayList<>()))
        .isEqualTo(new EngineAnswer.Refused("bad_mood", "Not today."));
    assertThat(call("moody", "{\"mood\":\"failing\"}", new ArrayList<>()).toString())
        .contains("Failed")
        .contains("tired")
        .contains("Later.");
    assertThat(call("moody", "{\"mood\":\"busy\"}", new ArrayList<>()))
        .isEqualTo(new EngineAnswer.Busy(Duration.ofSeconds(7)));
    assertThat(call("moody", "{}", new ArrayList<>()).toString())
        .contains("Failed")
        .doesNotContain("secret of the database");
  }

  /** Spring Security would answer 401 for the error page, which Behalf takes for a wrong secret. */
  @Test
  void whatever_a_method_throws_is_a_failed_attempt_and_nothing_else() {
    for (var name : List.of("endless", "asserting")) {
      assertThat(call(name, "{}", new ArrayList<>()).toString())
          .contains("Failed")
          .contains("engine_error")
          .doesNotContain("bug of this");
    }
  }

  @Test
  void what_the_input_throws_is_not_for_the_owner_of_the_job() {
    assertThat(call("strict", "{\"lines\":2}", new ArrayList<>()))
        .isEqualTo(new EngineAnswer.Refused("input_invalid", "The input does not fit at the top."));
    assertThat(call("letter", "{\"name\":\"Ada\",\"lines\":\"x\"}", new ArrayList<>()).toString())
        .contains("/lines");
  }

  @Test
  void units_are_reported_before_the_end_because_a_cancelled_job_costs_them() throws Exception {
    var stop = new EngineStop();
    var reported = new CompletableFuture<Long>();
    var answer =
        CompletableFuture.supplyAsync(
            () ->
                client.call(
                    engineCall("costly", "{}"),
                    event -> {
                      if (event instanceof EngineEvent.Usage usage) {
                        reported.complete(usage.units());
                      }
                    },
                    stop));

    assertThat(reported.get(20, TimeUnit.SECONDS)).isEqualTo(7);
    stop.stop();
    assertThat(answer.get(20, TimeUnit.SECONDS)).isInstanceOf(EngineAnswer.Stopped.class);
  }

  @Test
  void a_result_of_more_than_one_mebibyte_is_for_quick_operations_whatever_the_time() {
    assertThat(call("large", "{}", new ArrayList<>()).toString()).contains("TooLarge");
    assertThat(call("large-long", "{}", new ArrayList<>()).toString()).contains("result_too_long");
  }

  @Test
  void an_input_that_does_not_fit_the_record_is_refused() throws Exception {
    for (var input :
        List.of("[]", "null", "{\"name\":\"Ada\",\"lines\":\"x\"}", "{\"unknown\":1}", "{} {}")) {
      assertThat(call("letter", input, new ArrayList<>()))
          .as(input)
          .isInstanceOf(EngineAnswer.Refused.class);
    }
  }

  @Test
  void a_call_that_is_stopped_interrupts_the_method() throws Exception {
    var stop = new EngineStop();
    var answer =
        CompletableFuture.supplyAsync(
            () -> client.call(engineCall("for-ever", "{}"), event -> {}, stop));
    assertThat(letters.begun.await(20, TimeUnit.SECONDS)).isTrue();

    stop.stop();

    assertThat(letters.cancelled.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(answer.get()).isInstanceOf(EngineAnswer.Stopped.class);
  }

  @Test
  void only_calls_signed_with_a_secret_of_the_application_reach_a_method() throws Exception {
    for (var secret : List.of(SECRET, NEXT)) {
      assertThat(client.call(engineCall("echo-user", "{}", secret), event -> {}))
          .isInstanceOf(EngineAnswer.Done.class);
    }
    assertThat(
            client
                .call(
                    engineCall("echo-user", "{}", "another secret of 32 bytes or more"),
                    event -> {})
                .toString())
        .contains("401");
    assertThat(post("/behalf/engines/echo-user", "{}").statusCode()).isEqualTo(401);
    assertThat(post("/behalf/engines/none", "{}").statusCode()).as("to a stranger").isEqualTo(401);
    assertThat(
            HttpClient.newHttpClient()
                .send(
                    HttpRequest.newBuilder(address("/behalf/engines/letter")).build(),
                    HttpResponse.BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(405);
    assertThat(post("/behalf/engines/letter", "x".repeat(1_100_000)).statusCode()).isEqualTo(413);
  }

  @Test
  void other_addresses_stay_behind_spring_security() throws Exception {
    assertThat(post("/behalf/other", "{}").statusCode()).isEqualTo(401);
    assertThat(post("/behalf/engines/letter/more", "{}").statusCode()).isEqualTo(401);
  }

  @Test
  void runs_are_measured_by_operation_and_outcome() throws Exception {
    call("moody", "{\"mood\":\"refusing\"}", new ArrayList<>());

    var meters = application.getBean(MeterRegistry.class);
    await()
        .untilAsserted(
            () ->
                assertThat(
                        meters
                            .get("behalf.engine.run")
                            .tags("operation", "moody", "outcome", "refused", "environment", "test")
                            .timer()
                            .count())
                    .isPositive());
    assertThat(application.getBean(ObservationRegistry.class).isNoop()).isFalse();
  }

  private Definition definition(String name) throws Exception {
    return Definitions.read(Files.readString(folder.resolve(name + ".yaml")));
  }

  private EngineAnswer call(String name, String input, List<String> events) {
    return client.call(
        engineCall(name, input), event -> events.add(event.getClass().getSimpleName()));
  }

  private EngineCall engineCall(String name, String input) {
    return engineCall(name, input, SECRET);
  }

  private EngineCall engineCall(String name, String input, String secret) {
    try {
      var definition = definition(name);
      return new EngineCall(
          Endpoint.of(
              definition,
              (ObjectNode) StrictJson.MAPPER.readTree("{}"),
              3,
              EngineSecret.of("gpu", secret),
              null),
          JOB,
          UUID.randomUUID(),
          USER,
          Environment.TEST,
          name + "@1",
          1,
          3,
          input.getBytes(java.nio.charset.StandardCharsets.UTF_8),
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          1_000_000,
          null);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(address(path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private URI address(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  private int port() {
    return application.getWebServer().getPort();
  }
}
