package dev.behalf.spring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.behalf.contract.StrictJson;
import dev.behalf.operation.Definitions;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a method may take and return, and what is refused before anybody calls it. */
class EngineMethodTest {

  enum Size {
    @JsonProperty("s")
    SMALL,
    LARGE
  }

  enum Colour {
    RED;

    @JsonValue
    String code() {
      return "#f00";
    }
  }

  record Part(String name, @Nullable String note) {}

  record Everything(
      byte[] content,
      byte small,
      Optional<List<String>> words,
      OptionalInt count,
      Map<String, Integer> amounts,
      JsonNode any,
      ObjectNode object,
      Object whatever,
      Size size,
      Colour colour,
      Locale language,
      YearMonth month,
      Instant at,
      LocalDate day,
      Duration time,
      BigDecimal amount,
      List<Part> parts,
      Part @Nullable [] more) {}

  static class Working {
    @BehalfEngine("everything")
    Everything run(Everything input) {
      return input;
    }
  }

  @Test
  void what_jackson_writes_of_a_record_fits_the_schema_of_its_input_and_its_result()
      throws Exception {
    var definition =
        Definitions.read(
            definitions(new Working()).yaml("everything", URI.create("http://127.0.0.1:1")));
    var full =
        new Everything(
            new byte[] {1, 2},
            (byte) 3,
            Optional.of(List.of("a")),
            OptionalInt.of(4),
            Map.of("b", 5),
            Json.MAPPER.readTree("[1]"),
            (ObjectNode) Json.MAPPER.readTree("{\"c\":1}"),
            List.of("d"),
            Size.SMALL,
            Colour.RED,
            Locale.FRENCH,
            YearMonth.of(2026, 11),
            Instant.EPOCH,
            LocalDate.EPOCH,
            Duration.ofMinutes(6),
            new BigDecimal("7.5"),
            List.of(new Part("e", null)),
            new Part[] {new Part("f", "g")});
    var json = (ObjectNode) StrictJson.MAPPER.readTree(Json.MAPPER.writeValueAsString(full));

    assertThat(definition.check(json)).isEmpty();
    assertThat(definition.output().check(json)).isEmpty();
    json.remove(List.of("words", "count", "more"));
    assertThat(definition.check(json)).as("what is optional").isEmpty();
    json.remove("amount");
    assertThat(definition.check(json)).as("what is not").hasSize(1);
    assertThat(definition.input().json().toString()).contains("[\"s\",\"LARGE\"]", "[\"#f00\"]");
  }

  interface Base<I> {
    @BehalfEngine("generic")
    default Map<String, String> run(I input) {
      return Map.of("text", String.valueOf(input));
    }
  }

  record Word(String text) {}

  static class OfWords implements Base<Word> {}

  @Test
  void a_type_variable_is_that_of_the_bean() {
    assertThat(definitions(new OfWords()).yaml("generic", URI.create("http://127.0.0.1:1")))
        .contains("text:");
  }

  static class TakesText {
    @BehalfEngine("a")
    Word run(String input) {
      return new Word(input);
    }
  }

  static class ReturnsList {
    @BehalfEngine("a")
    List<Word> run(Word input) {
      return List.of(input);
    }
  }

  static class ReturnsFuture {
    @BehalfEngine("a")
    CompletableFuture<Word> run(Word input) {
      return CompletableFuture.completedFuture(input);
    }
  }

  record Tree(List<Tree> children) {}

  static class TakesTree {
    @BehalfEngine("a")
    Word run(Tree input) {
      return new Word("");
    }
  }

  sealed interface Shape permits Circle {}

  record Circle(int radius) implements Shape {}

  static class TakesShape {
    @BehalfEngine("a")
    Word run(Shape input) {
      return new Word("");
    }
  }

  static class BadYaml {
    @BehalfEngine(value = "a", definition = "units: {")
    Word run(Word input) {
      return input;
    }
  }

  static class OwnAddress {
    @BehalfEngine(value = "a", definition = "engine: {http: 'https://elsewhere.example'}")
    Word run(Word input) {
      return input;
    }
  }

  static class BadName {
    @BehalfEngine("No name")
    Word run(Word input) {
      return input;
    }
  }

  static class Twice {
    @BehalfEngine("a")
    Word run(Word input) {
      return input;
    }

    @BehalfEngine("a")
    Word again(Word input) {
      return input;
    }
  }

  @Test
  void what_cannot_work_is_refused_when_the_application_starts() {
    refused(new TakesText(), "must take a record or a map, not String");
    refused(new ReturnsList(), "must return a record or a map, not List");
    refused(new ReturnsFuture(), "not CompletableFuture");
    refused(new TakesTree(), "type without a schema");
    refused(new TakesShape(), "cannot be read");
    refused(new BadYaml(), "no YAML");
    refused(new OwnAddress(), "without \"name\" and \"engine\"");
    refused(new BadName(), "no name of an operation");
    refused(new Twice(), "are both the engine \"a\"");
  }

  static class Quiet {
    @BehalfEngine(value = "quiet", definition = "{run: long, limits: {silence: 1500ms}}")
    Word run(Word input) {
      return input;
    }
  }

  @Test
  void a_call_shows_that_it_is_alive_within_the_silence_that_its_operation_allows() {
    var methods = methods(new Quiet());

    var quiet = Objects.requireNonNull(methods.find("quiet"));

    assertThat(quiet.heartbeat(Duration.ofSeconds(1))).isEqualTo(Duration.ofMillis(500));
    assertThat(quiet.heartbeat(Duration.ofMillis(100))).isEqualTo(Duration.ofMillis(100));
  }

  private static void refused(Object bean, String reason) {
    assertThatThrownBy(() -> methods(bean))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(reason);
  }

  private static EngineDefinitions definitions(Object bean) {
    return new EngineDefinitions(methods(bean), "");
  }

  private static EngineMethods methods(Object bean) {
    var beans = new DefaultListableBeanFactory();
    beans.registerSingleton("bean", bean);
    var methods =
        new EngineMethods(
            beans,
            new EngineProperties("engines", List.of(), true, null, null, Duration.ofSeconds(1)));
    methods.afterSingletonsInstantiated();
    return methods;
  }
}
