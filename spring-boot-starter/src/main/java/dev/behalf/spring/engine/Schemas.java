package dev.behalf.spring.engine;

import com.fasterxml.classmate.ResolvedType;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import com.github.victools.jsonschema.module.jackson.JacksonSchemaModule;
import com.github.victools.jsonschema.module.jakarta.validation.JakartaValidationModule;
import com.github.victools.jsonschema.module.jakarta.validation.JakartaValidationOption;
import java.lang.reflect.Type;
import java.time.MonthDay;
import java.time.Year;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes JSON Schemas (2020-12) of records, within what a definition may contain. A component is
 * required unless it is {@code @Nullable} or an {@code Optional}; of a result, whatever its type.
 */
final class Schemas {

  private static final boolean HAS_VALIDATION =
      ClassUtils.isPresent("jakarta.validation.Constraint", Schemas.class.getClassLoader());

  private static final Set<Class<?>> OPTIONALS =
      Set.of(Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class);

  private static final Map<Class<?>, String> JSON_TYPES =
      Map.ofEntries(
          Map.entry(byte[].class, "string"), // Base64
          Map.entry(byte.class, "integer"),
          Map.entry(Byte.class, "integer"),
          Map.entry(OptionalInt.class, "integer"),
          Map.entry(OptionalLong.class, "integer"),
          Map.entry(OptionalDouble.class, "number"),
          Map.entry(Locale.class, "string"),
          Map.entry(Currency.class, "string"),
          Map.entry(YearMonth.class, "string"),
          Map.entry(MonthDay.class, "string"),
          Map.entry(Year.class, "integer"));

  private static final SchemaGenerator INPUTS = generator(true);
  private static final SchemaGenerator RESULTS = generator(false);

  private Schemas() {}

  static ObjectNode ofInput(Type type) {
    return of(type, INPUTS);
  }

  /** Returns the schema of a result, to which later versions may add properties. */
  static ObjectNode ofResult(Type type) {
    return of(type, RESULTS);
  }

  private static ObjectNode of(Type type, SchemaGenerator generator) {
    if (isMap(type)) {
      return Json.MAPPER.createObjectNode().put("type", "object");
    }
    var schema = generator.generateSchema(type);
    schema.remove("$schema");
    return schema;
  }

  private static boolean isMap(Type type) {
    return type instanceof java.lang.reflect.ParameterizedType parameterized
        ? isMap(parameterized.getRawType())
        : type instanceof Class<?> raw
            && (Map.class.isAssignableFrom(raw) || raw == Object.class || ObjectNode.class == raw);
  }

  private static SchemaGenerator generator(boolean isClosed) {
    var builder =
        new SchemaGeneratorConfigBuilder(
                Json.MAPPER, SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
            .with(new JacksonSchemaModule(JacksonOption.RESPECT_JSONPROPERTY_REQUIRED))
            .with(Option.INLINE_ALL_SCHEMAS, Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES)
            .without(Option.FLATTENED_OPTIONALS);
    builder.forTypesInGeneral().withCustomDefinitionProvider(Schemas::asJacksonWrites);
    // The form has the fields in the order of the record.
    builder.forTypesInGeneral().withPropertySorter((unusedOne, unusedOther) -> 0);
    if (isClosed) {
      builder.with(Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT);
    }
    if (HAS_VALIDATION) {
      builder.with(
          new JakartaValidationModule(
              JakartaValidationOption.INCLUDE_PATTERN_EXPRESSIONS,
              JakartaValidationOption.NOT_NULLABLE_FIELD_IS_REQUIRED));
    }
    builder
        .forFields()
        .withRequiredCheck(Schemas::isRequired)
        .withTargetTypeOverridesResolver(Schemas::ofOptional);
    return new SchemaGenerator(builder.build());
  }

  /** Types whose JSON is not what their fields say. */
  private static @Nullable CustomDefinition asJacksonWrites(
      ResolvedType type, SchemaGenerationContext context) {
    var raw = type.getErasedType();
    var schema = Json.MAPPER.createObjectNode();
    if (raw == Object.class || JsonNode.class.isAssignableFrom(raw)) {
      return inline(
          raw == ObjectNode.class
              ? schema.put("type", "object").put("additionalProperties", true)
              : schema);
    }
    if (Enum.class.isAssignableFrom(raw)) {
      schema.put("type", "string");
      constants(raw).forEach(schema.putArray("enum")::add);
      return inline(schema);
    }
    var name = JSON_TYPES.get(raw);
    return name == null ? null : inline(schema.put("type", name));
  }

  private static CustomDefinition inline(ObjectNode schema) {
    return new CustomDefinition(
        schema, CustomDefinition.DefinitionType.INLINE, CustomDefinition.AttributeInclusion.YES);
  }

  private static Stream<String> constants(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> Json.MAPPER.valueToTree(constant).asString());
  }

  /** An optional property is left out, never null: its schema is that of what it holds. */
  private static @Nullable List<ResolvedType> ofOptional(FieldScope field) {
    return field.getDeclaredType().getErasedType() == Optional.class
            && !field.isFakeContainerItemScope()
        ? field.getDeclaredType().getTypeParameters()
        : null;
  }

  private static boolean isOptional(FieldScope field) {
    return OPTIONALS.contains(field.getDeclaredType().getErasedType());
  }

  private static boolean isRequired(FieldScope field) {
    return !field.isFakeContainerItemScope()
        && !isOptional(field)
        && Stream.of(
                field.getRawMember().getAnnotatedType().getAnnotations(),
                field.getRawMember().getAnnotations())
            .flatMap(Arrays::stream)
            // Of JSpecify, Spring or whoever else.
            .noneMatch(each -> each.annotationType().getSimpleName().equals("Nullable"));
  }
}
