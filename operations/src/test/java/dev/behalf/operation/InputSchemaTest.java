package dev.behalf.operation;

import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.behalf.contract.StrictJson;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** No schema of an operator can stop a server, and none reaches beyond itself. */
class InputSchemaTest {

  private static InputSchema schema(String json) {
    return InputSchema.of(StrictJson.MAPPER.readValue(json, ObjectNode.class));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"$ref\":\"https://attacker.example/schema\"}",
        "{\"$ref\":\"file:///etc/passwd\"}",
        "{\"$ref\":\"#\"}",
        "{\"$ref\":\"#/$defs/none\"}",
        "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"items\":{\"$ref\":\"#/$defs/a\"}}}}",
        "{\"$dynamicRef\":\"#a\"}",
        "{\"$id\":\"https://a.example/x\"}",
        "{\"unevaluatedProperties\":false}",
        "{\"pattern\":\"(a)\\\\1\"}",
        "{\"pattern\":\"(?=a)b\"}",
        "{\"pattern\":\"(\"}",
        "{\"patternProperties\":{\"(\":true}}",
        "{\"type\":\"strin\"}",
        "{\"properties\":{\"a\":5}}",
        "{\"required\":\"a\"}"
      })
  void what_cannot_be_bounded_is_refused(String json) {
    assertThatExceptionOfType(SchemaRules.Broken.class).isThrownBy(() -> schema(json));
  }

  @Test
  void a_schema_is_bounded_in_depth_and_in_its_expanded_size() {
    var deep = "{\"items\":".repeat(17) + "{}" + "}".repeat(17);
    var wide = new StringBuilder("{\"$ref\":\"#/$defs/a0\",\"$defs\":{");
    for (int i = 0; i < 4; i++) {
      var next = "{\"$ref\":\"#/$defs/a" + (i + 1) + "\"}";
      wide.append("\"a%d\":{\"anyOf\":[%s]},".formatted(i, String.join(",", nCopies(5, next))));
    }
    wide.append("\"a4\":{\"type\":\"string\"}}}");

    assertThatExceptionOfType(SchemaRules.Broken.class)
        .isThrownBy(() -> schema(deep))
        .withMessageContaining("16 levels");
    assertThatExceptionOfType(SchemaRules.Broken.class)
        .isThrownBy(() -> schema(wide.toString()))
        .withMessageContaining("500 parts");
  }

  /** A backtracking engine would need 2^30 steps for these. */
  @ParameterizedTest
  @ValueSource(strings = {"^(a+)+$", "^(a|aa)+$", "^(.*a){20}$", "([a-z]+)*\\\\d"})
  void no_pattern_is_slow(String pattern) {
    var text = "a".repeat(50_000) + "!";
    var schema = schema("{\"type\":\"string\",\"pattern\":\"" + pattern + "\"}");

    var start = System.nanoTime();
    schema.check(StrictJson.MAPPER.valueToTree(text));

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void references_within_the_schema_are_followed() {
    var schema =
        schema(
            "{\"properties\":{\"a\":{\"$ref\":\"#/$defs/n\"}},\"$defs\":{\"n\":{\"type\":\"integer\"}}}");

    assertThat(schema.check(StrictJson.MAPPER.readTree("{\"a\":1}"))).isEmpty();
    assertThat(schema.check(StrictJson.MAPPER.readTree("{\"a\":\"x\"}")))
        .extracting(Violation::pointer)
        .containsExactly("/a");
  }

  @Test
  void a_bound_that_is_no_text_is_shown_as_json() {
    var schema = schema("{\"enum\":[{\"a\":1},[2],null,\"b\"]}");

    assertThat(schema.check(StrictJson.MAPPER.readTree("5")))
        .extracting(Violation::bound)
        .containsExactly("{\"a\":1}, [2], , b");
  }

  @Test
  void formats_are_checked() {
    var schema = schema("{\"properties\":{\"at\":{\"type\":\"string\",\"format\":\"date-time\"}}}");

    assertThat(schema.check(StrictJson.MAPPER.readTree("{\"at\":\"2026-11-26T10:00:00Z\"}")))
        .isEmpty();
    assertThat(schema.check(StrictJson.MAPPER.readTree("{\"at\":\"tomorrow\"}")))
        .extracting(Violation::rule)
        .containsExactly("format");
  }
}
