package dev.behalf.web.work.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.StrictJson;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class InputFieldTest {

  private static final ObjectNode SCHEMA =
      StrictJson.MAPPER.readValue(
          """
          {"type":"object","required":["text"],"$defs":{"author":{"type":"object",
            "properties":{"name":{"type":"string","maxLength":50},"a/b~c":{"type":"integer"}}}},
           "properties":{"text":{"type":"string"},"form":{"enum":["haiku",7,true]},"lines":{"type":"integer"},
            "warmth":{"type":"number"},"rhymed":{"type":"boolean"},
            "words":{"type":"array","items":{"type":"string"}},
            "moods":{"type":"object","additionalProperties":{"type":"array","items":{"type":"string"}}},
            "author":{"$ref":"#/$defs/author"},"anything":{}}}
          """,
          ObjectNode.class);

  @Property
  void what_the_fields_show_for_an_input_is_read_back_as_that_input(
      @ForAll("inputs") ObjectNode input) {
    var values = new HashMap<String, String>();
    InputField.write(SCHEMA, SCHEMA, "", input, values);

    assertThat(InputField.read(SCHEMA, SCHEMA, "", values).toString()).isEqualTo(input.toString());
    assertThat(InputField.of(SCHEMA, SCHEMA, "", values, List.of(), Locale.ENGLISH))
        .hasSize(SCHEMA.path("properties").size());
  }

  @Property
  void whatever_is_typed_is_read_without_a_fault(@ForAll("typed") Map<String, String> values) {
    assertThat(InputField.read(SCHEMA, SCHEMA, "", values)).isNotNull();
  }

  @Test
  void an_empty_form_asks_for_nothing() {
    assertThat(InputField.read(SCHEMA, SCHEMA, "", Map.of()).isEmpty()).isTrue();
  }

  @Provide
  Arbitrary<ObjectNode> inputs() {
    var word = Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(8);
    var words = word.list().ofMinSize(1).ofMaxSize(3);
    return Combinators.combine(
            Arbitraries.strings().withCharRange(' ', 'ÿ').ofMinLength(1),
            Arbitraries.of("\"haiku\"", "7", "true").map(StrictJson.MAPPER::readTree),
            Arbitraries.integers(),
            Arbitraries.doubles().between(-1e9, 1e9).ofScale(3),
            words,
            Arbitraries.maps(word, words).ofMinSize(1).ofMaxSize(2),
            Arbitraries.of("{\"a\":[1,null]}", "[]", "5", "{}").map(StrictJson.MAPPER::readTree))
        .as(InputFieldTest::input);
  }

  private static ObjectNode input(
      String text,
      JsonNode form,
      int lines,
      double warmth,
      List<String> words,
      Map<String, List<String>> moods,
      JsonNode anything) {
    var input = StrictJson.MAPPER.createObjectNode().put("text", text);
    input.set("form", form);
    input.put("lines", lines).put("warmth", warmth).put("rhymed", true);
    input.set("words", StrictJson.MAPPER.valueToTree(words));
    input.set("moods", StrictJson.MAPPER.valueToTree(moods));
    input.putObject("author").put("name", text).put("a/b~c", lines);
    input.set("anything", anything);
    return input;
  }

  @Provide
  Arbitrary<Map<String, String>> typed() {
    return Arbitraries.maps(
        Arbitraries.of(
            "/text",
            "/form",
            "/lines",
            "/warmth",
            "/rhymed",
            "/words",
            "/moods",
            "/author/name",
            "/author/a~1b~0c",
            "/anything",
            "/other"),
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(20),
            Arbitraries.of(
                "1e999999999", "-", "{", "[[[", "a:b", ":", "\u0000", "٣", "NaN", "0x1p3")));
  }
}
