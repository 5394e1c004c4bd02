package dev.behalf.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.behalf.contract.StrictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class DefinitionsTest {

  private static final String GOOD =
      """
      name: transcribe
      title: {en: Transcribe speech, zh-CN: 语音转写}
      input:
        type: object
        required: [url]
        additionalProperties: false
        properties:
          url: {type: string, minLength: 1}
          speakers: {type: integer, minimum: 1, default: 2}
      examples:
        - title: A talk
          input: {url: 'https://a.example/talk.mp3'}
      units: {name: second, fixed: 5}
      run: quick
      limits: {run_within: 1500ms, input: 2KiB, output: 1MiB}
      engine: {builtin: echo}
      users: gpu
      """;

  @Test
  void a_definition_is_read_whole() {
    var read = Definitions.read(GOOD);

    assertThat(read.name()).isEqualTo("transcribe");
    assertThat(read.title().in(Locale.SIMPLIFIED_CHINESE)).isEqualTo("语音转写");
    assertThat(read.title().in(Locale.FRENCH)).isEqualTo("Transcribe speech");
    assertThat(read.units()).isEqualTo(new Units.Fixed("second", 5));
    assertThat(read.limits().runWithin()).hasMillis(1500);
    assertThat(read.limits().input()).isEqualTo(2048);
    assertThat(read.limits().text()).as("never above the input").isEqualTo(2048);
    assertThat(read.limits().output()).isEqualTo(1024 * 1024);
    assertThat(read.engine()).isEqualTo(new Engine.Builtin("echo", true));
    assertThat(read.permission()).isEqualTo("gpu");
    assertThat(read.properties()).containsOnlyKeys("url", "speakers");
    assertThat(read.examples()).hasSize(1);
  }

  @Test
  void the_samples_are_definitions() throws Exception {
    try (var files = Files.list(Path.of("../samples/operations"))) {
      assertThat(files.map(DefinitionsTest::name).toList()).contains("triage");
    }
  }

  private static String name(Path file) {
    try {
      return Definitions.read(Files.readString(file)).name();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final String HTTP =
      """
      name: generate
      title: Generate
      input:
        type: object
        required: [prompt]
        properties:
          prompt: {type: string}
          max_tokens: {type: integer, minimum: 1, default: 100}
          pages: {type: integer}
      units: {name: token, metered: {max: {plus: [{tokens: prompt}, {times: [2, {field: max_tokens}]}]}}}
      run: quick
      limits: {at_once: 12, start_within: 10m, silence: 5s, attempts: 3}
      engine: {http: 'https://gpu.internal:8443/generate?model=a', secret: gpu}
      audience: https://app.example
      """;

  @Test
  void an_engine_of_ones_own_has_an_address_a_secret_and_limits() {
    var read = Definitions.read(HTTP);

    assertThat(read.engine())
        .isEqualTo(
            new Engine.Http(
                URI.create("https://gpu.internal:8443/generate?model=a"),
                "gpu",
                "https://app.example"));
    assertThat(((Engine.Http) read.engine()).server()).isEqualTo("https://gpu.internal:8443");
    assertThat(read.limits().atOnce()).isEqualTo(12);
    assertThat(read.limits().atOncePerUser()).as("a quarter").isEqualTo(3);
    assertThat(read.limits().startWithin()).hasMinutes(10);
    assertThat(read.limits().silence()).hasSeconds(5);
    assertThat(read.limits().attempts()).isEqualTo(3);
    assertThat(read.pool().operation()).isEqualTo("generate");
  }

  @ParameterizedTest
  @CsvSource({"7d, 168", "12h, 12"})
  void an_operation_says_how_long_its_ended_jobs_are_kept(String retention, int hours) {
    assertThat(Definitions.read(GOOD).retentionHours()).isNull();
    assertThat(Definitions.read(GOOD + "retention: " + retention).retentionHours())
        .isEqualTo(hours);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0d", "7", "7m", "10000d", "-1d"})
  void a_retention_is_a_number_of_hours_or_days(String retention) {
    assertThatExceptionOfType(BadDefinition.class)
        .isThrownBy(() -> Definitions.read(GOOD + "retention: " + retention))
        .withMessageContaining("retention");
  }

  @Test
  void a_long_operation_has_longer_limits_and_says_what_a_cancelled_run_costs() {
    var yaml = HTTP.replace("run: quick", "run: long").replace("silence: 5s, ", "");

    var read = Definitions.read(yaml);
    assertThat(read.run()).isEqualTo(new Run.LongRun(true));
    assertThat(read.isLong()).isTrue();
    assertThat(read.limits().runWithin()).hasHours(1);
    assertThat(read.limits().silence()).hasSeconds(60);
    assertThat(Definitions.read(yaml + "charge_on_cancel: nothing").run())
        .isEqualTo(new Run.LongRun(false));
    assertThat(
            Definitions.read(yaml.replace("at_once: 12", "at_once: 10000, run_within: 24h"))
                .limits()
                .atOnce())
        .isEqualTo(10_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run: quick  | run: quick  | at_once: 65        | at most 64",
        "run: quick  | run: long   | run_within: 25h    | at most 24h",
        "run: quick  | run: long   | at_once: 10001     | at_once"
      })
  void the_limits_of_long_operations_have_bounds_as_well(
      String part, String with, String limit, String reason) {
    var yaml = HTTP.replace(part, with).replace("at_once: 12", limit);

    assertThatExceptionOfType(BadDefinition.class)
        .isThrownBy(() -> Definitions.read(yaml))
        .satisfies(bad -> assertThat(bad.reason()).contains(reason));
  }

  @Test
  void the_most_that_a_metered_job_can_cost_is_known_from_its_input() {
    var read = Definitions.read(HTTP);

    assertThat(read.units().isMetered()).isTrue();
    assertThat(read.units(input("{\"prompt\":\"abc\",\"max_tokens\":7}"), String::length))
        .isEqualTo(3 + 2 * 7);
    assertThat(read.units(input("{\"prompt\":\"abc\"}"), String::length))
        .as("by the default")
        .isEqualTo(3 + 2 * 100);
    assertThat(read.units(input("{\"prompt\":\"a\",\"max_tokens\":9223372036854775807}"), t -> 1))
        .as("never more than can be added up")
        .isEqualTo(Units.Amount.MOST);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{field: max_tokens}  | {field: pages}       | required or have a default",
        "{field: max_tokens}  | {field: prompt}      | must be a number",
        "{field: max_tokens}  | {field: none}        | no property \"none\"",
        "{tokens: prompt}     | {words: prompt}      | units/metered/max",
        "at_once: 12          | at_once: 65          | at_once",
        "at_once: 12          | at_once: 2, at_once_per_user: 3 | at most \"at_once\"",
        "start_within: 10m    | start_within: 169h   | at most 168h",
      })
  void a_price_or_limit_of_an_own_engine_that_cannot_be_used_is_refused(
      String part, String with, String reason) {
    assertThatExceptionOfType(BadDefinition.class)
        .isThrownBy(() -> Definitions.read(HTTP.replace(part, with)))
        .satisfies(bad -> assertThat(bad.sentence()).contains(reason));
  }

  private static ObjectNode input(String json) {
    return (ObjectNode) StrictJson.MAPPER.readTree(json);
  }

  @Test
  void what_is_stored_is_the_same_definition() {
    var read = Definitions.read(GOOD);
    var stored = Definitions.stored(read.json().toString());

    assertThat(stored.json().toString()).isEqualTo(read.json().toString());
    assertThat(Definitions.digest(stored)).isEqualTo(Definitions.digest(read));
  }

  @Test
  void comments_and_the_writing_of_yaml_do_not_change_the_digest() {
    var other = "# About speech\n" + GOOD.replace("users: gpu", "users:   'gpu' # few");

    assertThat(Definitions.digest(Definitions.read(other)))
        .isEqualTo(Definitions.digest(Definitions.read(GOOD)));
    assertThat(Definitions.digest(Definitions.read(GOOD.replace("fixed: 5", "fixed: 6"))))
        .isNotEqualTo(Definitions.digest(Definitions.read(GOOD)));
  }

  /** Each row replaces a part of the definition above; the line is that of the part. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name: transcribe           | name: Transcribe              | 1  | name",
        "name: transcribe           | nom: transcribe               | 1  | Set \"name\"",
        "run: quick                 | run: quick\\ncolour: blue      | 15 | Unknown property \"colour\"",
        "run: quick                 | run: slow                     | 14 | run",
        "engine: {builtin: echo}    | engine: {}                    | 16 | exactly one of \"builtin\", \"http\"",
        "engine: {builtin: echo}    | engine: {builtin: echo, http: 'https://a'} | 16 | exactly one of",
        "engine: {builtin: echo}    | engine: {http: 'ftp://a'}     | 16 | https://HOST/PATH",
        "engine: {builtin: echo}    | engine: {http: 'https:///a'}  | 16 | https://HOST/PATH",
        "engine: {builtin: echo}    | engine: {http: 'https://a/转写'} | 16 | in ASCII",
        "engine: {builtin: echo}    | engine: {http: 'https://a:99999/'} | 16 | https://HOST/PATH",
        "engine: {builtin: echo}    | engine: {http: 'https://u:p@a'} | 16 | without user",
        "engine: {builtin: echo}    | engine: {builtin: echo, secret: s} | 16 | has no secret",
        "engine: {builtin: echo}    | engine: {http: 'https://a', slot: true} | 16 | at_once",
        "users: gpu                 | audience: 'https://a'         | 17 | called by \"http\" gets a token",
        "input: 2KiB                | at_once: 3                    | 15 | engines called by HTTP",
        "run: quick                 | run: long                     | 14 | only engines called by HTTP",
        "run: quick                 | run: quick\\ncharge_on_cancel: nothing | 15 | Only a long operation",
        "engine: {builtin: echo}    | engine: {builtin: echo}\\ncharge_on_cancel: often | 17 | charge_on_cancel",
        "units: {name: second, fixed: 5} | units: {name: second}    | 13 | exactly one of \"fixed\", \"per\", \"metered\"",
        "units: {name: second, fixed: 5} | units: {name: s, metered: {max: 5}} | 13 | reports no units",
        "units: {name: second, fixed: 5} | units: {name: s, per: bytes, of: text} | 13 | no property \"text\"",
        "run_within: 1500ms         | run_within: 21s               | 15 | at most 20s",
        "input: 2KiB                | input: 449KiB                 | 15 | at most 448KiB",
        "output: 1MiB               | output: 4MiB                  | 15 | less than 4MiB",
        "minLength: 1               | minLength: no                 | 8  | integer expected",
        "minLength: 1               | minimumLength: 1              | 8  | not supported",
        "minLength: 1               | $ref: 'https://a.example/x'   | 8  | into this schema",
        "minLength: 1               | pattern: '(?=a)'              | 8  | RE2",
        "url: {type: string         | operation: {type: string      | 8  | Rename",
        "speakers:                  | speakers: [                   | 10 | malformed",
        "input: {url: 'https         | input: {uri: 'https            | 12 | The example breaks the schema",
        "users: gpu                 | users: 7                      | 17 | users"
      })
  void a_definition_that_cannot_be_used_is_refused_with_line_and_reason(
      String part, String with, int line, String reason) {
    var yaml = GOOD.replace(part, with.replace("\\n", "\n"));
    assertThat(yaml).as(part).isNotEqualTo(GOOD);

    assertThatExceptionOfType(BadDefinition.class)
        .isThrownBy(() -> Definitions.read(yaml))
        .satisfies(
            bad -> {
              assertThat(bad.sentence()).startsWith("line " + line + ": ");
              assertThat(bad.reason()).contains(reason);
            });
  }

  private static final String CHAT =
      """
      name: generate
      title: Write a text
      input:
        type: object
        properties:
          prompt: {type: string}
          max_tokens: {type: integer, minimum: 1, default: 100}
          temperature: {type: number}
      units: {name: token, metered: {max: {plus: [{tokens: prompt}, {field: max_tokens}]}}}
      run: long
      engine: {chat: 'https://llm.example/v1', model: small, secret: llm, system: Be brief}
      """;

  @Test
  void a_chat_has_an_address_a_model_a_secret_and_a_price_by_its_own_tokens() {
    var read = Definitions.read(CHAT);

    assertThat(read.engine())
        .isEqualTo(
            new Engine.Chat(URI.create("https://llm.example/v1"), "small", "llm", "Be brief"));
    var input = StrictJson.MAPPER.createObjectNode().put("prompt", "ten ASCII!");
    assertThat(read.units(input, text -> 1_000_000))
        .as("10 of the prompt, 100 of the answer, 8 of what the definition says first")
        .isEqualTo(118);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model: small,               | ''                            | 11 | Set \"engine/model\"",
        "prompt: {type               | text: {type                   | 3  | prompt",
        "temperature: {type          | colour: {type                 | 8  | top_p",
        "temperature: {type: number  | messages: {type: array        | 3  | define one of them",
        "max_tokens: {type: integer  | max_tokens: {type: number     | 7  | type: integer",
        "chat: 'https                | chat: 'ftp                    | 11 | https://HOST/PATH",
        "minimum: 1                  | minimum: 0                    | 7  | minimum: 1",
        "v1', model                  | v1?a=b', model                | 11 | Leave the query out",
        "run: long                   | run: long\\naudience: a        | 11 | called by \"http\"",
        "chat: 'https://llm.example/v1', model: small | http: 'https://a', model: small | 11 | Only a chat"
      })
  void a_chat_of_which_no_request_can_be_made_is_refused(
      String part, String with, int line, String reason) {
    var yaml = CHAT.replace(part, with.replace("\\n", "\n"));
    assertThat(yaml).as(part).isNotEqualTo(CHAT);

    assertThatExceptionOfType(BadDefinition.class)
        .isThrownBy(() -> Definitions.read(yaml))
        .satisfies(
            bad -> {
              assertThat(bad.reason()).contains(reason);
              assertThat(bad.sentence()).startsWith("line " + line + ": ");
            });
  }

  @ParameterizedTest
  @CsvSource({"''", "just text", "'- a list'", "'a: &a [b]\nc: *d'", "'a: 1\na: 2'", "'{a: b'"})
  void what_is_no_mapping_is_refused(String yaml) {
    assertThatExceptionOfType(BadDefinition.class)
        .isThrownBy(() -> Definitions.read(yaml.replace("\\n", "\n")));
  }

  @Test
  void aliases_that_multiply_are_refused_before_they_fill_the_memory() {
    var yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      yaml.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9)));
    }

    assertThatExceptionOfType(BadDefinition.class)
        .isThrownBy(() -> Definitions.read(yaml.toString()));
  }

  @Test
  void texts_are_bounded_with_all_aliases_and_as_they_are_stored() {
    var aliases = "a: &a " + "x".repeat(100_000) + "\nb: [" + "*a, ".repeat(1_000) + "]\n";
    var control = GOOD.replace("Transcribe speech", "\"" + "\\x01".repeat(60_000) + "\"");

    assertThatExceptionOfType(BadDefinition.class)
        .isThrownBy(() -> Definitions.read(aliases))
        .withMessageContaining("with all aliases");
    assertThatExceptionOfType(BadDefinition.class)
        .isThrownBy(() -> Definitions.read("# 漢\nname: x\nt: '" + "漢".repeat(200_000) + "'\n"))
        .withMessageContaining("512 KiB");
    assertThatExceptionOfType(BadDefinition.class).isThrownBy(() -> Definitions.read(control));
  }

  @Test
  void a_file_that_is_nested_without_end_is_refused() {
    assertThatExceptionOfType(BadDefinition.class)
        .isThrownBy(() -> Definitions.read("a: " + "[".repeat(200_000)));
    assertThatExceptionOfType(BadDefinition.class)
        .isThrownBy(() -> Definitions.read("a: " + "[".repeat(70) + "]".repeat(70)));
  }

  @Test
  void a_file_that_is_too_large_is_refused() {
    assertThatExceptionOfType(BadDefinition.class)
        .isThrownBy(() -> Definitions.read(GOOD + "#".repeat(256 * 1024)))
        .withMessageContaining("256 KiB");
  }
}
