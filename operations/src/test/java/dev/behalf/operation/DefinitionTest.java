package dev.behalf.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** The rules of the shipped operations, and those that no schema can change. */
class DefinitionTest {

  private static final Path SHIPPED = Path.of("../compute-server/src/main/resources/operations");

  private static Definition shipped(String name) {
    try {
      return Definitions.read(Files.readString(SHIPPED.resolve(name + ".yaml")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Violation> check(String operation, String input) {
    return shipped(operation).check(json(input));
  }

  private static ObjectNode json(String json) {
    return StrictJson.MAPPER.readValue(json, ObjectNode.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "echo       | {\"text\":\"hi\"}",
        "classify   | {\"text\":\"hi\",\"labels\":[\"a\",\"b\"],\"examples\":{\"a\":[\"x\"]}}",
        "classify   | {\"text\":\"hi\",\"labels\":[\"标签\",\"ярлык\"],\"examples\":{\"标签\":[\"例子\"]}}",
        "similarity | {\"text\":\"hi\",\"other\":\"ho\"}",
        "keywords   | {\"text\":\"hi\",\"limit\":20}",
        "embed      | {\"text\":\"😀\"}"
      })
  void a_complete_input_breaks_no_rule(String operation, String input) {
    assertThat(check(operation, input)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "echo | {}                                          | /text     | required   | payload_invalid",
        "echo | {\"text\":\" \\n\"}                         | /text     | content    | text_empty",
        "echo | {\"text\":7}                                | /text     | type       | payload_invalid",
        "echo | {\"text\":null}                             | /text     | type       | payload_invalid",
        "echo | {\"text\":\"hi\",\"labels\":[\"a\"]}        | /labels   | additionalProperties | payload_invalid",
        "classify | {\"text\":\"hi\"}                       | /labels   | required   | payload_invalid",
        "classify | {\"text\":\"hi\",\"labels\":[\"a\"]}    | /labels   | minItems   | payload_invalid",
        "classify | {\"text\":\"hi\",\"labels\":[\"a\",\" \"]}   | /labels/1 | content | text_empty",
        "classify | {\"text\":\"hi\",\"labels\":[\"a\",\"a\"]}   | /labels   | uniqueItems | payload_invalid",
        "similarity | {\"text\":\"hi\"}                     | /other    | required   | payload_invalid",
        "keywords | {\"text\":\"hi\",\"limit\":0}           | /limit    | minimum    | payload_invalid",
        "keywords | {\"text\":\"hi\",\"limit\":21}          | /limit    | maximum    | payload_invalid",
        "keywords | {\"text\":\"hi\",\"limit\":2.9}         | /limit    | type       | payload_invalid",
        "keywords | {\"text\":\"hi\",\"limit\":1e400}       | /limit    | number     | payload_invalid",
        "keywords | {\"text\":\"hi\",\"limit\":\"5\"}       | /limit    | type       | payload_invalid"
      })
  void the_broken_rule_is_named_with_its_place(
      String operation, String input, String pointer, String rule, String code) {
    var violation = check(operation, input).getFirst();

    assertThat(violation.pointer()).isEqualTo(pointer);
    assertThat(violation.rule()).isEqualTo(rule);
    assertThat(violation.code().wire()).isEqualTo(code);
    assertThat(violation.sentence()).contains(pointer.substring(1));
  }

  @Test
  void all_broken_rules_are_told_at_once() {
    assertThat(check("classify", "{\"labels\":[\"a\"],\"limit\":3}"))
        .extracting(Violation::pointer)
        .containsExactlyInAnyOrder("/text", "/labels", "/limit");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u200b",
        "\u00a0",
        "\u0085",
        "\ufeff",
        "\u00ad",
        "\u0301",
        "\u0001",
        "\u2007\u3000",
        "\ufffd"
      })
  void a_text_that_shows_nothing_is_empty(String nothing) {
    var input = json("{}").put("text", nothing);

    assertThat(shipped("embed").check(input))
        .extracting(Violation::code)
        .containsExactly(ProblemCode.TEXT_EMPTY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\0b", "a\ud800b"})
  void a_text_that_cannot_be_stored_is_refused(String text) {
    assertThat(shipped("echo").check(json("{}").put("text", text)))
        .extracting(Violation::code)
        .containsExactly(ProblemCode.NOT_UTF8);
  }

  @Test
  void a_name_of_a_property_is_bounded_and_repeated_only_if_it_can_be_stored() {
    var echo = shipped("echo");
    var input = json("{\"text\":\"hi\"}");

    assertThat(echo.check(input.deepCopy().put("a\0b", "x")))
        .extracting(Violation::code)
        .containsExactly(ProblemCode.NOT_UTF8);
    assertThat(echo.check(input.deepCopy().put("x".repeat(1_001), 1)))
        .extracting(Violation::code)
        .containsExactly(ProblemCode.PAYLOAD_TOO_LARGE);
    assertThat(echo.check(input.deepCopy().put("x".repeat(1_000), 1)))
        .singleElement()
        .satisfies(broken -> assertThat(broken.sentence()).hasSizeLessThan(300));
  }

  @Test
  void a_text_is_bounded_in_bytes_and_a_label_in_code_points() {
    assertThat(shipped("echo").check(json("{}").put("text", "é".repeat(32 * 1024)))).isEmpty();
    assertThat(shipped("echo").check(json("{}").put("text", "é".repeat(32 * 1024 + 1))))
        .extracting(Violation::sentence)
        .containsExactly("Keep \"text\" within 64 KiB of UTF-8: split it into several jobs.");
    var labels = json("{\"text\":\"hi\"}");
    labels.putArray("labels").add("\ud83d\ude00".repeat(200)).add("b");
    assertThat(shipped("classify").check(labels)).isEmpty();
    labels.putArray("labels").add("\ud83d\ude00".repeat(201)).add("b");
    assertThat(shipped("classify").check(labels))
        .extracting(Violation::rule)
        .containsExactly("maxLength");
  }

  @Test
  void parts_that_are_each_within_their_bound_must_fit_together() {
    var input = json("{\"text\":\"hi\"}");
    var labels = IntStream.range(0, 100).mapToObj(i -> "label " + i).toList();
    input.set("labels", StrictJson.MAPPER.valueToTree(labels));
    var examples = input.putObject("examples");
    labels.forEach(label -> examples.putArray(label).add("x".repeat(2_000)));
    assertThat(shipped("classify").check(input)).isEmpty();

    labels.forEach(
        label ->
            examples.set(
                label, StrictJson.MAPPER.valueToTree(Collections.nCopies(3, "x".repeat(2_000)))));

    assertThat(shipped("classify").check(input))
        .extracting(Violation::sentence)
        .containsExactly("The payload is larger than 448 KiB of JSON: give less.");
  }

  @Test
  void an_input_is_bounded_in_values_and_depth_before_the_schema_sees_it() {
    var many = json("{}");
    var array = many.putArray("labels");
    IntStream.range(0, 20_001).forEach(array::add);
    var deep = json("{\"text\":" + "[".repeat(40) + "]".repeat(40) + "}");

    assertThat(shipped("echo").check(many)).extracting(Violation::rule).containsExactly("values");
    assertThat(shipped("echo").check(deep)).extracting(Violation::rule).containsExactly("depth");
  }

  @Test
  void a_price_counts_what_the_definition_says() {
    assertThat(shipped("echo").units(json("{}").put("text", "x".repeat(1_001)), text -> 0))
        .isEqualTo(2);
    assertThat(shipped("echo").units(json("{}").put("text", "\ud83d\ude00".repeat(501)), text -> 0))
        .as("characters are code points")
        .isEqualTo(1);
    assertThat(
            shipped("classify")
                .units(
                    json(
                        "{\"text\":\"12345\",\"labels\":[\"ab\",\"c\"],\"examples\":{\"c\":[\"xyz\"]}}"),
                    String::length))
        .isEqualTo(11);
    assertThat(
            new Units.Per("u", Units.Measure.BYTES, List.of("a"), 2)
                .of(json("{\"a\":\"éé\",\"b\":\"xxxx\"}"), text -> 0))
        .isEqualTo(2);
  }

  @Test
  void each_sentence_and_each_kind_belong_together() {
    for (var rule : Violation.KINDS) {
      var sentence = new Violation(ProblemCode.PAYLOAD_INVALID, "/a", rule, "5").sentence();
      assertThat(sentence).as(rule).doesNotContain("does not match the schema");
    }
    assertThat(new Violation(ProblemCode.PAYLOAD_INVALID, "/a~1b/0", "oneOf", "").kind())
        .isEqualTo("other");
    assertThat(new Violation(ProblemCode.PAYLOAD_INVALID, "/a~1b/0", "oneOf", "").property())
        .isEqualTo("a/b");
  }
}
