package dev.behalf.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.Environment;
import dev.behalf.contract.StrictJson;
import dev.behalf.engine.ChatServer.Kind;
import dev.behalf.engine.EngineAnswer.Failed;
import dev.behalf.operation.Definition;
import dev.behalf.operation.Definitions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

@Timeout(30)
class ChatServersTest {

  private static final String INPUT = "{\"prompt\":\"four words are said\",\"max_tokens\":10}";

  private final EngineClient client = new EngineClient(Instant::now);
  private final List<EngineEvent> events = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // each test starts the server that it needs
  private ChatServer server;

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void an_answer_is_heard_word_by_word_and_costs_what_the_server_reports(Kind kind)
      throws IOException {
    server = new ChatServer(kind);

    var done = done(call(INPUT));

    assertThat(done.result().toString())
        .isEqualTo(
            "{\"text\":\"four words are said\",\"finish_reason\":\"stop\",\"model\":\"small-2026\"}");
    assertThat(done.units()).hasValue(8);
    assertThat(heard()).containsExactly("four ", "words ", "are ", "said");
    assertThat(server.received.getFirst().toString())
        .isEqualTo(
            "{\"model\":\"small\",\"messages\":[{\"role\":\"user\",\"content\":\"four words are said\"}],"
                + "\"stream\":true,\"stream_options\":{\"include_usage\":true},\"max_tokens\":10}");
  }

  @Test
  void the_server_gets_its_key_and_nothing_that_says_whose_work_it_is() throws IOException {
    server = new ChatServer(Kind.OPENAI).withKey("sk-short");

    done(call(INPUT, EngineSecret.ofChat("llm", "sk-short\n"), ""));

    assertThat(server.traffic.getFirst())
        .contains("Bearer sk-short")
        .doesNotContainIgnoringCase("behalf-")
        .doesNotContain(new UUID(3, 3).toString());
  }

  @Test
  void a_conversation_follows_what_the_definition_says_first() throws IOException {
    server = new ChatServer(Kind.VLLM);

    done(
        call(
            """
            {"messages":[{"role":"user","content":"hello"},{"role":"assistant","content":"yes?"},
             {"role":"user","content":"sing"}],"max_tokens":5,"temperature":0.5,"secret":"x"}
            """,
            null,
            ", system: Be brief."));

    assertThat(server.received.getFirst().toString())
        .contains(
            "[{\"role\":\"system\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":\"hello\"},"
                + "{\"role\":\"assistant\",\"content\":\"yes?\"},{\"role\":\"user\",\"content\":\"sing\"}]",
            "\"temperature\":0.5")
        .doesNotContain("secret");
  }

  @Test
  void a_model_that_knows_the_limit_by_its_newer_name_is_asked_once_more_and_only_once()
      throws Exception {
    server = new ChatServer(Kind.OPENAI);

    done(call(INPUT, null, "", ChatServer.NEWER_MODEL));
    done(call(INPUT, null, "", ChatServer.NEWER_MODEL));

    assertThat(server.received).hasSize(3);
    try (var calls = Executors.newVirtualThreadPerTaskExecutor()) {
      var other = new EngineClient(Instant::now);
      var both =
          calls.invokeAll(
              Collections.<Callable<EngineAnswer>>nCopies(
                  8,
                  () -> other.call(request(INPUT, null, "", ChatServer.NEWER_MODEL), event -> {})));
      for (var answer : both) {
        done(answer.get());
      }
    }
    assertThat(server.received.getLast().has("max_completion_tokens")).isTrue();
    assertThat(server.received.getLast().has("max_tokens")).isFalse();
  }

  @Test
  void the_answer_ends_at_the_limit_also_if_the_server_does_not_know_it() throws IOException {
    server = new ChatServer(Kind.OLLAMA).withoutLimit().withoutUsage().slowly(Duration.ofMillis(5));

    var done = done(call(talk(1_000, 10)));

    assertThat(done.result().path("finish_reason").asString()).isEqualTo("length");
    assertThat(done.result().path("text").asString().split(" ")).hasSize(11);
    Awaitility.await().until(() -> !server.cutOffAfter.isEmpty());
    assertThat(server.cutOffAfter.getFirst())
        .as("tokens sent before it was cut off")
        .isLessThan(500);
  }

  @Test
  void an_answer_is_cut_off_where_the_hold_ends_and_costs_the_hold() throws IOException {
    server =
        new ChatServer(Kind.VLLM).withoutLimit().withUsageInEachPart().slowly(Duration.ofMillis(5));

    var done = done(client.call(request(talk(300, 50), 320, null, "", "small"), events::add));

    assertThat(done.units()).hasValue(320);
    assertThat(heard())
        .as("300 tokens of the prompt, then 20, and the one that was too many")
        .hasSize(21);
    assertThat(done.result().path("finish_reason").asString()).isEqualTo("length");
  }

  @Test
  void without_usage_the_prompt_is_estimated_and_parts_are_counted_and_the_log_says_so()
      throws IOException {
    server = new ChatServer(Kind.OLLAMA).withoutUsage();

    var done = done(call(INPUT));

    assertThat(done.units()).as("19 / 4 for the prompt, and 4 parts").hasValue(8);
    assertThat(events.getLast())
        .isInstanceOfSatisfying(
            EngineEvent.Log.class,
            log -> assertThat(log.body().path("message").asString()).contains("estimate"));
  }

  @Test
  void what_was_used_is_reported_during_the_answer_for_a_job_that_is_cancelled()
      throws IOException {
    server = new ChatServer(Kind.OPENAI);

    done(call(talk(100, 200)));

    assertThat(events)
        .filteredOn(EngineEvent.Usage.class::isInstance)
        .extracting(event -> ((EngineEvent.Usage) event).units())
        .hasSizeGreaterThan(4)
        .isSorted();
  }

  @Test
  void the_prompt_counts_before_the_first_part_and_a_part_of_many_tokens_counts_as_such()
      throws IOException {
    server = new ChatServer(Kind.VLLM).withoutUsage();

    var done =
        done(call("{\"prompt\":\"" + "wordsofmanyletters".repeat(4) + "\",\"max_tokens\":50}"));

    assertThat(events.getFirst()).isEqualTo(new EngineEvent.Usage(18));
    assertThat(done.units()).as("one part of 72 letters").hasValue(36);
  }

  @Test
  void an_answer_is_cut_off_where_the_result_would_be_too_large() throws IOException {
    server = new ChatServer(Kind.OPENAI);

    var done = done(call("{\"prompt\":\"" + "long ".repeat(30_000) + "\",\"max_tokens\":60000}"));

    assertThat(done.result().path("finish_reason").asString()).isEqualTo("length");
    assertThat(StrictJson.write(done.result()).length).isBetween(60_000, 100_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"detail\":\"x\"}",
        "{\"choices\":[]}",
        "{\"choices\":[{\"message\":{\"content\":\"x\"}}]}",
        "{\"object\":\"error\",\"message\":\"x\",\"code\":500}"
      })
  void a_body_without_an_answer_is_a_failed_attempt(String body) throws IOException {
    server = new ChatServer(Kind.VLLM).refuse(200, body, null);

    assertThat(call(INPUT)).isInstanceOf(Failed.class);
  }

  @Test
  void an_error_that_is_null_and_an_empty_finish_reason_say_nothing() throws IOException {
    server =
        new ChatServer(Kind.VLLM)
            .refuse(
                200,
                "{\"error\":null,\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}",
                null);
    assertThat(done(call(INPUT)).result().path("text").asString()).isEqualTo("x");

    server
        .accept()
        .failAfter(
            1, "data: {\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"\"}]}");
    assertThat(call(INPUT))
        .isInstanceOfSatisfying(Failed.class, f -> assertThat(f.isLost()).isTrue());
  }

  @Test
  void once_a_part_has_come_an_error_is_a_failed_attempt_because_it_is_paid() throws IOException {
    server = new ChatServer(Kind.OPENAI);
    server.failAfter(
        2, "data: " + server.error("rate_limit_error", "rate_limit_exceeded", "Slow."));
    assertThat(call(INPUT))
        .isEqualTo(
            new Failed(false, "The engine answered an error in the middle (rate_limit_exceeded)."));

    server.failAfter(2, "data: " + server.error("x", "content_filter", "Not this."));
    assertThat(call(INPUT)).isInstanceOf(EngineAnswer.Refused.class);
  }

  @Test
  void a_server_may_think_for_longer_than_the_silence_before_its_first_part() throws IOException {
    server = new ChatServer(Kind.OLLAMA).thinkingFor(Duration.ofMillis(1_500));

    assertThat(done(call(INPUT)).units()).hasValue(8);
  }

  @Test
  void pictures_are_not_passed_on() throws IOException {
    server = new ChatServer(Kind.VLLM);

    call(
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"http://10.0.0.1\"}}]}]}");

    assertThat(server.traffic.getFirst()).doesNotContain("10.0.0.1");
  }

  @Test
  void the_check_says_that_a_server_reports_no_usage() throws IOException {
    server = new ChatServer(Kind.OLLAMA).withoutUsage();

    assertThat(EngineCheck.run(client, definition("", "small"), null).getLast().fault())
        .isEqualTo("It reported none.");
  }

  @Test
  void a_server_that_does_not_stream_is_understood() throws IOException {
    server = new ChatServer(Kind.VLLM).withoutStream();

    var done = done(call(INPUT));

    assertThat(done.result().path("text").asString()).isEqualTo("four words are said");
    assertThat(done.units()).hasValue(8);
  }

  @Test
  void a_connection_that_is_cut_and_a_stream_without_an_end_are_lost() throws IOException {
    server = new ChatServer(Kind.OPENAI).cutAfter(2);
    assertThat(call(INPUT))
        .isInstanceOfSatisfying(Failed.class, f -> assertThat(f.isLost()).isTrue());

    server.accept().failAfter(2, ": the end");
    assertThat(call(INPUT))
        .isInstanceOfSatisfying(Failed.class, f -> assertThat(f.isLost()).isTrue());
  }

  @Test
  void a_server_that_is_silent_is_lost() throws IOException {
    server = new ChatServer(Kind.OPENAI).slowly(Duration.ofSeconds(3));

    assertThat(call(INPUT)).isEqualTo(new Failed(true, "The engine was silent for 1000 ms."));
  }

  /** The mid-stream errors of OpenAI, vLLM, Ollama and llama.cpp. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          data: {"error":{"message":"Slow down","type":"rate_limit_error","code":"rate_limit_exceeded"}} | Busy
          data: {"error":{"message":"The server had an error","type":"server_error","code":null}}        | Failed
          data: {"object":"error","message":"too long","type":"BadRequestError","param":null,"code":400} | Refused
          data: {"error":{"message":"engine died","type":"InternalServerError","code":500}}              | Failed
          data: {"code":400,"details":"too many logprobs"}                                               | Refused
          data: {"error":"an unknown error was met"}                                                     | Failed
          error: {"code":500,"message":"slot unavailable","type":"server_error"}                         | Failed
          data: {"error":{"message":"no money","type":"insufficient_quota","code":"insufficient_quota"}} | Unusable
          data: {"error":{"message":"policy","type":"invalid_request_error","code":"content_filter"}}    | Refused
          data: {"error":{"message":"slow down","type":"error","code":"429"}}                            | Busy
          data: {no json                                                                                 | Failed
          """)
  void an_error_in_the_middle_of_a_stream_means_what_its_code_says(String line, String meaning)
      throws IOException {
    server = new ChatServer(Kind.VLLM).failAfter(0, line);

    assertThat(call(INPUT).getClass().getSimpleName()).isEqualTo(meaning);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          400 | {"error":{"message":"too long","code":"context_length_exceeded"}} | Refused
          422 | {"detail":"x"}                                                   | Refused
          403 | {"error":{"message":"flagged","metadata":{"flagged_input":"x"}}} | Refused
          403 | {}                                                               | Unusable
          401 | {"error":{"message":"bad key","code":"invalid_api_key"}}         | Unusable
          402 | {}                                                               | Unusable
          404 | {"error":{"message":"no model","code":"model_not_found"}}        | Unusable
          429 | {"error":{"message":"slow down","code":"rate_limit_exceeded"}}   | Busy
          429 | {"error":{"message":"pay first","code":"insufficient_quota"}}    | Unusable
          503 | {}                                                               | Busy
          529 | {"error":{"type":"overloaded_error","message":"overloaded"}}     | Busy
          400 | {"error":{"message":"no","param":"temperature","code":"unsupported_parameter"}} | Refused
          400 | {"error":{"message":"no","param":"max_tokens","code":"invalid_value"}} | Refused
          400 | {"error":{"message":"no","param":"stream_options"}}              | Unusable
          500 | {"error":{"message":"oops","type":"server_error"}}               | Failed
          502 | <html>bad gateway</html>                                         | Failed
          504 | ''                                                               | Failed
          307 | ''                                                               | Unusable
          """)
  void a_status_means_what_it_and_its_code_say(int status, String body, String meaning)
      throws IOException {
    server = new ChatServer(Kind.OPENAI).refuse(status, body, null);

    assertThat(call(INPUT).getClass().getSimpleName()).isEqualTo(meaning);
  }

  @Test
  void a_server_that_is_busy_says_when_to_ask_again() throws IOException {
    server = new ChatServer(Kind.OPENAI).refuse(429, "{}", "7");

    assertThat(call(INPUT)).isEqualTo(new EngineAnswer.Busy(Duration.ofSeconds(7)));
  }

  @Test
  void a_refusal_brings_the_servers_words_and_never_its_key() throws IOException {
    server = new ChatServer(Kind.OPENAI);
    server.refuse(
        400,
        server.error("invalid_request_error", "context_length_exceeded", "At most 8,192."),
        null);
    assertThat(call(INPUT))
        .isEqualTo(new EngineAnswer.Refused("context_length_exceeded", "At most 8,192."));

    server.refuse(400, server.error("x", "y", "Your key sk-secret is odd."), null);
    assertThat(call(INPUT, EngineSecret.ofChat("llm", "sk-secret"), "").toString())
        .doesNotContain("sk-secret");
  }

  @Test
  void a_call_that_is_stopped_closes_its_connection() throws Exception {
    server = new ChatServer(Kind.OPENAI).slowly(Duration.ofMillis(20));
    var stop = new EngineStop();
    var thread =
        Thread.ofVirtual()
            .start(
                () ->
                    client.call(request(talk(1_000, 2_000), null, "", "small"), events::add, stop));
    Awaitility.await().until(() -> heard().size() > 3);

    stop.stop();

    assertThat(thread.join(Duration.ofSeconds(1))).isTrue();
    Awaitility.await().atMost(2, TimeUnit.SECONDS).until(() -> !server.cutOffAfter.isEmpty());
  }

  @Test
  void a_definition_with_its_example_is_checked_against_the_server() throws IOException {
    server = new ChatServer(Kind.VLLM);

    assertThat(EngineCheck.run(client, definition("", "small"), null))
        .hasSize(6)
        .allSatisfy(finding -> assertThat(finding.fault()).isNull());
    assertThat(EngineCheck.run(client, definition("", "unknown"), null))
        .extracting(EngineCheck.Finding::fault)
        .containsExactly("The engine answered 404 (invalid_request_error).");
  }

  private static EngineAnswer.Done done(EngineAnswer answer) {
    assertThat(answer).isInstanceOf(EngineAnswer.Done.class);
    return (EngineAnswer.Done) answer;
  }

  private List<String> heard() {
    return List.copyOf(events).stream()
        .filter(EngineEvent.Output.class::isInstance)
        .map(event -> ((EngineEvent.Output) event).body().path("delta").asString(""))
        .toList();
  }

  /** Returns a message of so many words, which the server repeats. */
  private static String talk(int words, int maxTokens) {
    return "{\"prompt\":\"%s\",\"max_tokens\":%d}"
        .formatted(
            IntStream.range(0, words).mapToObj(i -> "a").collect(Collectors.joining(" ")),
            maxTokens);
  }

  private EngineAnswer call(String input) {
    return call(input, null, "");
  }

  private EngineAnswer call(String input, @Nullable EngineSecret key, String more) {
    return call(input, key, more, ChatServer.MODEL);
  }

  private EngineAnswer call(String input, @Nullable EngineSecret key, String more, String model) {
    return client.call(request(input, key, more, model), events::add);
  }

  private EngineCall request(String input, @Nullable EngineSecret key, String more, String model) {
    var maxUnits = definition(more, model).units(object(input), String::length);
    return request(input, maxUnits, key, more, model);
  }

  private EngineCall request(
      String input, long maxUnits, @Nullable EngineSecret key, String more, String model) {
    return new EngineCall(
        Endpoint.of(definition(more, model), object(input), maxUnits, key, null),
        new UUID(1, 1),
        new UUID(2, 2),
        new UUID(3, 3),
        Environment.LIVE,
        "generate@1",
        1,
        maxUnits,
        input.getBytes(UTF_8),
        Duration.ofSeconds(20),
        Duration.ofSeconds(1),
        100_000,
        null);
  }

  private Definition definition(String more, String model) {
    return Definitions.read(
        """
        name: generate
        title: Write a text
        input:
          type: object
          properties:
            prompt: {type: string}
            max_tokens: {type: integer, minimum: 1, default: 500}
        examples:
          - title: Four words
            input: {prompt: four words are said}
        units: {name: token, metered: {max: {plus: [{tokens: prompt}, {field: max_tokens}]}}}
        run: long
        engine: {chat: '%s', model: %s%s}
        """
            .formatted(server.address(), model, more));
  }

  private static ObjectNode object(String json) {
    return (ObjectNode) StrictJson.MAPPER.readTree(json);
  }
}
