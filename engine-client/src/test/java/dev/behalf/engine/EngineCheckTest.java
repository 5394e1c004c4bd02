package dev.behalf.engine;

import static dev.behalf.engine.ScriptedEngine.answer;
import static dev.behalf.engine.ScriptedEngine.begin;
import static dev.behalf.engine.ScriptedEngine.chunk;
import static dev.behalf.engine.ScriptedEngine.lines;
import static dev.behalf.engine.ScriptedEngine.result;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.engine.EngineCheck.Finding;
import dev.behalf.engine.ScriptedEngine.Received;
import dev.behalf.engine.ScriptedEngine.Script;
import dev.behalf.operation.Definition;
import dev.behalf.operation.Definitions;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class EngineCheckTest {

  private static final Script GOOD =
      lines("{\"usage\":{\"units\":1}}", "{\"result\":{\"text\":\"HELLO\"}}");
  private static final Script REFUSED =
      answer("422 X", "Content-Type: application/json\r\n", "{\"code\":\"no_json\"}");
  private static final EngineSecret SECRET =
      EngineSecret.of("gpu", "0123456789abcdef0123456789abcdef");
  private static final Pattern SIGNED = Pattern.compile("created=(\\d+);nonce=\"([^\"]+)\"");

  private final EngineClient client = new EngineClient(InstantSource.system());
  private ScriptedEngine engine;

  @BeforeEach
  void start() throws IOException {
    engine = new ScriptedEngine(GOOD);
    engine.respond(request -> isJson(request) ? GOOD : REFUSED);
  }

  @AfterEach
  void stop() throws IOException {
    engine.close();
  }

  @Test
  void a_good_engine_obeys_each_rule() {
    assertThat(EngineCheck.run(client, definition(""), null))
        .hasSize(7)
        .allSatisfy(finding -> assertThat(finding.fault()).as(finding.rule()).isNull());
  }

  @Test
  void a_good_engine_with_a_secret_refuses_what_behalf_has_not_signed() {
    engine.respond(
        request -> !isSigned(request) ? answer("401 X", "", "") : isJson(request) ? GOOD : REFUSED);

    assertThat(EngineCheck.run(client, definition(", secret: gpu"), SECRET))
        .hasSize(9)
        .allSatisfy(finding -> assertThat(finding.fault()).as(finding.rule()).isNull());
  }

  /** An engine that breaks a rule, and a part of the rule that it breaks. */
  record Broken(String name, String rule, ScriptedEngine.Handler handler) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Stream<Broken> broken() {
    var isOnce = new AtomicBoolean();
    var one = new Semaphore(1);
    var isDead = new AtomicBoolean();
    var sawGarbage = new AtomicBoolean();
    return Stream.of(
        whatever(
            "dies",
            out -> {
              throw new IOException("dies");
            }),
        whatever("is silent", out -> TimeUnit.SECONDS.sleep(5)),
        whatever("sends garbage", result("", "HELLO")),
        whatever(
            "sends 100 MB",
            out -> {
              begin(out);
              while (true) {
                chunk(out, "x".repeat(100_000));
              }
            }),
        whatever(
            "never ends",
            out -> {
              begin(out);
              while (true) {
                TimeUnit.MILLISECONDS.sleep(20);
                chunk(out, "\n");
              }
            }),
        whatever("has no end", lines("{\"usage\":{\"units\":1}}")),
        whatever("answers a list", result("Behalf-Units: 1\r\n", "[]")),
        whatever("redirects", answer("302 X", "Location: /elsewhere\r\n", "")),
        whatever("answers HTML", answer("200 OK", "Content-Type: text/html\r\n", "{}")),
        whatever("compresses", result("Content-Encoding: gzip\r\nBehalf-Units: 1\r\n", "{}")),
        new Broken(
            "has another form",
            "\"output\"",
            request -> isJson(request) ? result("Behalf-Units: 1\r\n", "{\"words\":1}") : REFUSED),
        new Broken(
            "reports no units",
            "units",
            request -> isJson(request) ? result("", "{\"text\":\"HELLO\"}") : REFUSED),
        new Broken(
            "reports too many units",
            "units",
            request ->
                isJson(request) ? result("Behalf-Units: 6\r\n", "{\"text\":\"HELLO\"}") : REFUSED),
        new Broken(
            "does a job once",
            "same job again",
            request -> isOnce.getAndSet(true) ? answer("409 X", "", "") : GOOD),
        new Broken(
            "does one thing at a time",
            "same time",
            request ->
                out -> {
                  if (!one.tryAcquire()) {
                    answer("503 X", "", "").answer(out);
                    return;
                  }
                  TimeUnit.MILLISECONDS.sleep(100);
                  (isJson(request) ? GOOD : REFUSED).answer(out);
                  one.release();
                }),
        new Broken("takes anything", "no JSON", request -> GOOD),
        new Broken(
            "falls over a body",
            "no JSON",
            request -> isJson(request) ? GOOD : answer("500 X", "", "")),
        new Broken(
            "falls over a call that was broken off",
            "broken off",
            request -> {
              if (!isJson(request)) {
                sawGarbage.set(true);
                return REFUSED;
              }
              if (isDead.get()) {
                return answer("500 X", "", "");
              }
              return sawGarbage.get()
                  ? out -> {
                    isDead.set(true);
                    TimeUnit.SECONDS.sleep(1);
                  }
                  : GOOD;
            }));
  }

  private static Broken whatever(String name, Script script) {
    return new Broken(name, "each example", request -> script);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void an_engine_fails_the_rule_that_it_breaks(Broken broken) {
    engine.respond(broken.handler());

    var faults = faults(EngineCheck.run(client, definition(""), null));

    assertThat(faults).isNotEmpty();
    assertThat(faults.getFirst().rule()).contains(broken.rule());
    assertThat(faults.getFirst().fault()).isNotBlank();
  }

  @Test
  void an_engine_that_does_not_look_at_signatures_fails() {
    assertThat(faults(EngineCheck.run(client, definition(", secret: gpu"), SECRET)))
        .extracting(Finding::rule)
        .containsExactly(
            "It refuses a call without a signature with 401.",
            "It refuses a call that another secret has signed with 401.");
  }

  @Test
  void an_engine_that_takes_any_signature_fails() {
    engine.respond(
        request ->
            !request.headers().containsKey("signature")
                ? answer("401 X", "", "")
                : isJson(request) ? GOOD : REFUSED);

    assertThat(faults(EngineCheck.run(client, definition(", secret: gpu"), SECRET)))
        .extracting(Finding::rule)
        .containsExactly("It refuses a call that another secret has signed with 401.");
  }

  private static List<Finding> faults(List<Finding> findings) {
    return findings.stream().filter(finding -> finding.fault() != null).toList();
  }

  private static boolean isJson(Received request) {
    return request.body().equals("{\"text\":\"hello\"}");
  }

  private boolean isSigned(Received request) {
    var input = SIGNED.matcher(request.headers().getOrDefault("signature-input", ""));
    if (!input.find()) {
      return false;
    }
    var expected =
        EngineSignature.of(
            SECRET,
            HttpUrl.get(engine.address().toString()),
            request.body().getBytes(UTF_8),
            request.headers(),
            Instant.ofEpochSecond(Long.parseLong(input.group(1))),
            input.group(2));
    return Objects.equals(expected.get("Signature"), request.headers().get("signature"));
  }

  private Definition definition(String more) {
    return Definitions.read(
        """
        name: shout
        title: Shout
        input: {type: object, required: [text], properties: {text: {type: string}}}
        output: {type: object, required: [text]}
        examples: [{title: A greeting, input: {text: hello}}]
        units: {name: word, metered: {max: {characters: text}}}
        run: quick
        limits: {run_within: 500ms, output: 64KiB}
        engine: {http: '%s'%s}
        """
            .formatted(engine.address(), more));
  }
}
