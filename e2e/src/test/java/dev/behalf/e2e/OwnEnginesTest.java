package dev.behalf.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.StrictJson;
import dev.behalf.engine.EngineCheck;
import dev.behalf.engine.EngineClient;
import dev.behalf.engine.ScriptedEngine;
import dev.behalf.operation.Definitions;
import dev.behalf.standalone.Ports;
import dev.behalf.testkit.BehalfSystem;
import dev.behalf.testkit.Person;
import dev.behalf.testkit.Required;
import dev.behalf.testkit.TestDefinitions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Operations with engines of one's own, from the button to the receipt. */
@Tag("server")
class OwnEnginesTest {

  private static final Path SAMPLES =
      Path.of(System.getProperty("behalf.home"), "samples", "engines");
  private static final Duration SOON = Duration.ofSeconds(60);

  private static BehalfSystem behalf;

  private final String name = "own-" + UUID.randomUUID().toString().substring(0, 8);

  @BeforeAll
  static void start() throws Exception {
    behalf = BehalfSystem.shared();
  }

  @ParameterizedTest
  @CsvSource({"python3, engine.py", "node, engine.mjs", "java, Engine.java"})
  void a_sample_obeys_the_protocol_and_does_the_work_of_a_user(String language, String file)
      throws Exception {
    var program = program(language);
    int port = Ports.free();
    var yaml = Files.readString(SAMPLES.resolve("shout.yaml")).replace("8701", "" + port);
    try (var engine = SampleEngine.start(program, file, port)) {
      assertThat(
              EngineCheck.run(
                  new EngineClient(InstantSource.system()), Definitions.read(yaml), null))
          .allSatisfy(finding -> assertThat(finding.fault()).as(finding.rule()).isNull());

      apply(yaml.replace("name: shout", "name: " + name));
      var ada = behalf.signUp();
      var job = finished(ada, ada.submit(Environment.LIVE, JobPayload.of(name, "hello to all")));

      assertThat(job.required("state").asString()).as(job.toString()).isEqualTo("succeeded");
      assertThat(job.required("result").required("text").asString()).isEqualTo("HELLO TO ALL");
      assertThat(job.required("units").asLong()).isEqualTo(3);
      assertThat(engine.process().isAlive()).isTrue();
    }
    assertThat(behalf.violatedInvariants()).isEmpty();
  }

  @Test
  void a_job_waits_for_an_engine_that_is_away_without_an_attempt() throws Exception {
    var program = program("python3");
    int port = Ports.free();
    apply(
        Files.readString(SAMPLES.resolve("shout.yaml"))
            .replace("8701", "" + port)
            .replace("name: shout", "name: " + name));
    var ada = behalf.signUp();

    var id = ada.submit(Environment.LIVE, JobPayload.of(name, "hello"));
    await()
        .atMost(SOON)
        .until(() -> ada.job(id).path("waiting").path("reason").asString("").equals("engine"));
    assertThat(ada.job(id).path("attempt").asInt(0)).isZero();

    try (var engine = SampleEngine.start(program, "engine.py", port)) {
      assertThat(finished(ada, id).required("state").asString()).isEqualTo("succeeded");
      assertThat(behalf.count("select attempt from jobs.jobs where id = '" + id + "'")).isOne();
    }
  }

  @Test
  void names_and_texts_of_all_scripts_arrive_as_they_were_sent() throws Exception {
    var names = List.of("テキスト", "نص", "पाठ", "ชื่อ", "문자", "Ünïcode", "😀", "a b/c~d");
    try (var engine = new ScriptedEngine(ScriptedEngine.result("", "{}"))) {
      engine.respond(request -> ScriptedEngine.result("", request.body()));
      apply(
          """
          name: %s
          title: Anything
          input:
            type: object
            properties:
          %s
          units: {name: job, fixed: 1}
          run: quick
          engine: {http: '%s'}
          """
              .formatted(
                  name,
                  names.stream()
                      .map(one -> "    '" + one + "': {type: string}")
                      .collect(Collectors.joining("\n")),
                  engine.address()));
      var input = StrictJson.MAPPER.createObjectNode();
      names.forEach(one -> input.put(one, one + " e\u0301 \u200d"));
      var ada = behalf.signUp();

      var job = finished(ada, ada.submit(Environment.LIVE, JobPayload.of(name, input)));

      assertThat(job.required("result")).isEqualTo(input);
      var page = ada.page("/jobs/" + job.required("id").asString()).body();
      assertThat(names).allSatisfy(one -> assertThat(page).contains(one + " e\u0301"));
      assertThat(ada.page("/docs/operations/" + name).body()).contains(names);
      assertThat(ada.page("/jobs/new?operation=" + name).body()).contains(names);
    }
  }

  @Test
  void an_engine_sees_whose_work_it_is_and_no_credential() throws Exception {
    try (var engine = new ScriptedEngine(ScriptedEngine.result("", "{\"text\":\"done\"}"))) {
      apply(
          """
          name: %s
          title: Anything
          input: {type: object, properties: {text: {type: string}}}
          units: {name: job, fixed: 2}
          run: quick
          engine: {http: '%s'}
          audience: https://api.example
          """
              .formatted(name, engine.address()));
      var ada = behalf.signUp();

      var job = finished(ada, ada.submit(Environment.TEST, JobPayload.of(name, "hello")));

      assertThat(job.required("units").asLong()).isEqualTo(2);
      var traffic = engine.received.toString();
      assertThat(traffic)
          .contains(
              job.required("id").asString(),
              behalf.text("select id from accounts.users where email = '" + ada.email() + "'"),
              "behalf-environment=test",
              "behalf-attempt=1",
              "behalf-job-token=ey")
          .doesNotContain("bh_test_", "bh_live_", "authorization", ada.email());
      for (var key : keys()) {
        assertThat(traffic).doesNotContain(key);
      }
    }
  }

  private static Path program(String language) {
    return language.equals("java")
        ? Path.of(System.getProperty("java.home"), "bin", "java")
        : Required.program(language);
  }

  private void apply(String yaml) throws Exception {
    try (var connection = behalf.database()) {
      TestDefinitions.apply(connection, yaml, "test");
    }
    var visitor = behalf.signUp();
    await()
        .atMost(SOON)
        .until(() -> visitor.page("/api/v1/operations/" + name).statusCode() == 200);
  }

  /** Returns the public parts of all keys. */
  private static List<String> keys() throws Exception {
    try (var connection = behalf.database();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select key_id from accounts.api_keys")) {
      var keys = new ArrayList<String>();
      while (rows.next()) {
        keys.add(rows.getString(1));
      }
      return keys;
    }
  }

  private static JsonNode finished(Person person, UUID id) {
    return await()
        .atMost(SOON)
        .until(
            () -> person.job(id),
            job -> List.of("succeeded", "failed").contains(job.required("state").asString()));
  }
}
