package dev.behalf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class InputKindTest {

  private static JsonNode json(String json) {
    return StrictJson.MAPPER.readTree(json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"type\":\"string\"}                                | LONG_TEXT",
        "{\"type\":\"string\",\"maxLength\":200}              | TEXT",
        "{\"type\":\"string\",\"maxLength\":201}              | LONG_TEXT",
        "{\"type\":\"string\",\"enum\":[\"a\"]}               | CHOICE",
        "{\"enum\":[{\"a\":1},\"b\"]}                           | JSON",
        "{\"type\":[\"string\",\"null\"]}                       | JSON",
        "{\"type\":\"integer\"}                               | INTEGER",
        "{\"type\":\"number\"}                                | NUMBER",
        "{\"type\":\"boolean\"}                               | BOOLEAN",
        "{\"type\":\"array\",\"items\":{\"type\":\"string\"}} | LIST",
        "{\"type\":\"array\",\"items\":{\"type\":\"number\"}} | JSON",
        "{\"type\":\"object\",\"properties\":{\"a\":{}}}      | GROUP",
        "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}} | LISTS",
        "{\"type\":\"object\"}                                | JSON",
        "{}                                                   | JSON",
        "true                                                 | JSON"
      })
  void the_schema_decides_how_a_property_is_typed(String schema, InputKind kind) {
    assertThat(InputKind.of(json(schema))).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "LONG_TEXT | ` a `            | \" a \"",
        "INTEGER   | ` 12 `           | 12",
        "INTEGER   | 1.5              | \"1.5\"",
        "INTEGER   | ٣                | \"٣\"",
        "NUMBER    | 2.50             | 2.5",
        "NUMBER    | ten              | \"ten\"",
        "BOOLEAN   | true             | true",
        "BOOLEAN   | yes              | \"yes\"",
        "LIST      | a; b ;;c         | [\"a\",\"b\",\"c\"]",
        "LISTS     | x: 1; x: 2; y: z | {\"x\":[\"1\",\"2\"],\"y\":[\"z\"]}",
        "LISTS     | no colon         | \"no colon\"",
        "JSON      | {\"a\": [1]}     | {\"a\":[1]}",
        "JSON      | {                | \"{\""
      })
  void a_text_becomes_the_value_it_stands_for_or_stays_a_text(
      InputKind kind, String text, String value) {
    assertThat(kind.read(json("{}"), text, ";")).map(JsonNode::toString).contains(value);
  }

  @Test
  void a_choice_is_one_of_the_values_of_the_schema() {
    var schema = json("{\"enum\":[1,\"two\"]}");

    assertThat(InputKind.CHOICE.read(schema, "1", ";")).contains(json("1"));
    assertThat(InputKind.CHOICE.read(schema, "two", ";")).contains(json("\"two\""));
    assertThat(InputKind.CHOICE.read(schema, "3", ";")).contains(json("\"3\""));
  }

  @Test
  void a_list_of_unique_items_drops_what_is_typed_twice() {
    assertThat(InputKind.LIST.read(json("{\"uniqueItems\":true}"), "a;b;a", ";"))
        .contains(json("[\"a\",\"b\"]"));
    assertThat(InputKind.LIST.read(json("{}"), "a;b;a", ";")).contains(json("[\"a\",\"b\",\"a\"]"));
  }

  @ParameterizedTest
  @CsvSource({"LONG_TEXT", "INTEGER", "LIST", "LISTS", "JSON", "CHOICE"})
  void an_empty_field_is_no_value(InputKind kind) {
    assertThat(kind.read(json("{}"), "", ";")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "LIST  | [\"a\",\"b\"]",
        "LISTS | {\"x\":[\"1\",\"2\"],\"y\":[\"z\"]}",
        "JSON  | {\"a\":[1,{\"b\":null}]}",
        "INTEGER | 5",
        "LONG_TEXT | \"a\\nb\""
      })
  void what_is_written_is_read_back(InputKind kind, String value) {
    assertThat(kind.read(json("{}"), kind.write(json(value), "\n"), "\n"))
        .map(JsonNode::toString)
        .contains(value);
  }

  @Test
  void a_reference_within_the_schema_is_followed() {
    var root = json("{\"$defs\":{\"n\":{\"type\":\"integer\"}}}");

    assertThat(InputKind.of(InputKind.resolved(root, json("{\"$ref\":\"#/$defs/n\"}"))))
        .isEqualTo(InputKind.INTEGER);
  }
}
