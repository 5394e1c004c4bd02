package dev.behalf.spring.engine;

import com.fasterxml.classmate.ResolvedType;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import com.github.victools.jsonschema.module.jackson.JacksonSchemaModule;
import com.github.victools.jsonschema.module.jakarta.validation.JakartaValidationModule;
import com.github.victools.jsonschema.module.jakarta.validation.JakartaValidationOption;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes JSON Schemas (2020-12) of records, within what a definition may contain. A component is
 * required unless it is {@code @Nullable} or an {@code Optional}; of a result, whatever its type.
 */
final class Schemas {

  private static final boolean HAS_VALIDATION =
      ClassUtils.isPresent("jakarta.validation.Constraint", Schemas.class.getClassLoader());

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
            .with(
                new JacksonSchemaModule(
                    JacksonOption.RESPECT_JSONPROPERTY_REQUIRED,
                    JacksonOption.FLATTENED_ENUMS_FROM_JSONPROPERTY))
            .with(Option.INLINE_ALL_SCHEMAS)
            .without(Option.FLATTENED_OPTIONALS);
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

  /** An optional property is left out, never null: its schema is that of what it holds. */
  private static @Nullable List<ResolvedType> ofOptional(FieldScope field) {
    return isOptional(field) ? field.getDeclaredType().getTypeParameters() : null;
  }

  private static boolean isOptional(FieldScope field) {
    return field.getDeclaredType().getErasedType() == Optional.class;
  }

  private static boolean isRequired(FieldScope field) {
    return !field.isFakeContainerItemScope()
        && !isOptional(field)
        && Arrays.stream(field.getRawMember().getAnnotatedType().getAnnotations())
            .noneMatch(each -> each.annotationType() == Nullable.class);
  }
}
