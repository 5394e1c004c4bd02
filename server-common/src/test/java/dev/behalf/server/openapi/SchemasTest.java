package dev.behalf.server.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.behalf.contract.ApiProperty;
import dev.behalf.contract.Environment;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.security.Scope;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SchemasTest {

  private static final Map<String, Object> TEXT = Map.of("type", "string");

  private final Schemas schemas = new Schemas(Map.of());

  record Names(
      String text,
      int dayCount,
      String sha256Sum,
      String xRequestId,
      boolean isOn,
      String userURL) {}

  record Optional(@Nullable String maybe, String sure) {}

  record NothingRequired(@Nullable String maybe) {}

  record Described(
      @ApiProperty(as = Optional.class) String parsed,
      @ApiProperty(required = true) @Nullable String checked,
      @JsonRawValue String raw,
      @JsonRawValue @Nullable String maybeRaw) {}

  record Tree(String name, List<Tree> children, Map<String, Tree> byName) {}

  sealed interface Shape permits Circle, Group {}

  record Circle(double radius) implements Shape {}

  record Group(List<Shape> shapes) implements Shape {}

  record Lists(
      List<String> texts, Set<UUID> ids, Map<String, Long> counts, float[] vector, List<?> any) {}

  static final class Elsewhere {
    record Circle(String name) {}
  }

  static Stream<Arguments> plainTypes() {
    return Stream.of(
        arguments(String.class, "string", null),
        arguments(UUID.class, "string", "uuid"),
        arguments(Instant.class, "string", "date-time"),
        arguments(LocalDate.class, "string", "date"),
        arguments(boolean.class, "boolean", null),
        arguments(Boolean.class, "boolean", null),
        arguments(float.class, "number", null),
        arguments(double.class, "number", null),
        arguments(Double.class, "number", null),
        arguments(int.class, "integer", "int32"),
        arguments(Integer.class, "integer", "int32"),
        arguments(long.class, "integer", "int64"),
        arguments(Long.class, "integer", "int64"));
  }

  @ParameterizedTest
  @MethodSource("plainTypes")
  void a_plain_type_has_a_type_and_a_format(Class<?> type, String name, @Nullable String format) {
    assertThat(schemas.of(type))
        .isEqualTo(format == null ? Map.of("type", name) : Map.of("type", name, "format", format));
  }

  @Test
  void a_type_without_a_schema_may_be_anything() {
    assertThat(schemas.of(Object.class)).isEmpty();
  }

  @Test
  void an_enum_has_the_words_that_are_written() {
    assertThat(schemas.of(Environment.class))
        .isEqualTo(Map.of("type", "string", "enum", List.of("live", "test")));
  }

  @Test
  void the_scopes_of_operators_are_not_offered() {
    assertThat(schemas.of(Scope.class).get("enum"))
        .isEqualTo(Scope.GRANTABLE.stream().map(Scope::wire).toList());
  }

  @Test
  void a_record_is_a_named_component() {
    assertThat(schemas.of(Optional.class)).isEqualTo(reference("Optional"));
    assertThat(schemas.components()).containsOnlyKeys("Optional");
  }

  @Test
  void the_properties_have_the_names_and_the_order_that_are_written() {
    var written = StrictJson.MAPPER.valueToTree(new Names("", 1, "", "", true, ""));

    assertThat(properties(Names.class).keySet())
        .containsExactlyInAnyOrderElementsOf(written.propertyNames());
    assertThat(properties(Names.class).keySet())
        .startsWith("text", "day_count", "sha256_sum", "x_request_id", "is_on");
  }

  @Test
  void a_nullable_property_may_be_absent_or_null() {
    assertThat(component(Optional.class))
        .isEqualTo(
            Map.of(
                "type",
                "object",
                "properties",
                Map.of(
                    "maybe", Map.of("anyOf", List.of(TEXT, Map.of("type", "null"))), "sure", TEXT),
                "required",
                List.of("sure")));
  }

  @Test
  void an_object_without_required_properties_does_not_list_them() {
    assertThat(component(NothingRequired.class)).doesNotContainKey("required");
  }

  @Test
  void a_text_that_holds_json_is_described_by_the_type_of_the_json() {
    assertThat(properties(Described.class)).containsEntry("parsed", reference("Optional"));
  }

  @Test
  void a_nullable_property_that_validation_requires_is_required_and_not_null() {
    assertThat(properties(Described.class)).containsEntry("checked", TEXT);
    assertThat(required(Described.class)).contains("checked");
  }

  @Test
  void ready_made_json_may_be_anything() {
    assertThat(properties(Described.class))
        .containsEntry("raw", Map.of())
        .containsEntry("maybe_raw", Map.of());
    assertThat(required(Described.class)).contains("raw").doesNotContain("maybe_raw");
  }

  @Test
  void a_record_may_contain_itself() {
    assertThat(properties(Tree.class))
        .containsEntry("children", Map.of("type", "array", "items", reference("Tree")))
        .containsEntry(
            "by_name", Map.of("type", "object", "additionalProperties", reference("Tree")));
  }

  @Test
  void a_sealed_type_is_one_of_its_records_which_may_contain_it() {
    assertThat(schemas.of(Shape.class)).isEqualTo(reference("Shape"));

    assertThat(schemas.components())
        .containsOnlyKeys("Circle", "Group", "Shape")
        .containsEntry("Shape", Map.of("oneOf", List.of(reference("Circle"), reference("Group"))));
  }

  @Test
  void collections_arrays_and_maps_describe_their_elements() {
    assertThat(properties(Lists.class))
        .containsEntry("texts", Map.of("type", "array", "items", TEXT))
        .containsEntry(
            "ids", Map.of("type", "array", "items", Map.of("type", "string", "format", "uuid")))
        .containsEntry(
            "counts",
            Map.of(
                "type",
                "object",
                "additionalProperties",
                Map.of("type", "integer", "format", "int64")))
        .containsEntry("vector", Map.of("type", "array", "items", Map.of("type", "number")))
        .containsEntry("any", Map.of("type", "array", "items", Map.of()));
  }

  @Test
  void a_type_that_is_used_twice_is_described_once() {
    schemas.of(Circle.class);
    schemas.of(Circle.class);

    assertThat(schemas.components()).containsOnlyKeys("Circle");
  }

  @Test
  void two_types_of_one_name_are_refused_because_one_would_hide_the_other() {
    schemas.of(Circle.class);

    assertThatIllegalStateException()
        .isThrownBy(() -> schemas.of(Elsewhere.Circle.class))
        .withMessageContaining("Circle");
  }

  @ParameterizedTest
  @CsvSource({
    "text, text",
    "dayCount, day_count",
    "sha256Sum, sha256_sum",
    "isOn, is_on",
    "xRequestId, x_request_id",
    "userURL, user_url"
  })
  void names_are_in_snake_case(String java, String json) {
    assertThat(Schemas.snakeCase(java)).isEqualTo(json);
  }

  private static Map<String, Object> reference(String name) {
    return Map.of("$ref", "#/components/schemas/" + name);
  }

  private Map<String, Object> component(Class<?> type) {
    schemas.of(type);
    return object(schemas.components(), type.getSimpleName());
  }

  private Map<String, Object> properties(Class<?> type) {
    return object(component(type), "properties");
  }

  @SuppressWarnings("unchecked")
  private List<String> required(Class<?> type) {
    return (List<String>) Objects.requireNonNull(component(type).get("required"));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(Map<String, Object> parent, String name) {
    return (Map<String, Object>) Objects.requireNonNull(parent.get(name));
  }
}
