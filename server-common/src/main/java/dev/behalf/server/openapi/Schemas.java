package dev.behalf.server.openapi;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.behalf.contract.ApiProperty;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.security.Scope;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Builds JSON Schemas (2020-12, the dialect of OpenAPI 3.1) of the types that {@link StrictJson}
 * reads and writes. A record becomes a named component; a {@link Nullable} property may be absent
 * or null.
 */
final class Schemas {

  private final Map<String, Object> components = new TreeMap<>();
  private final Map<String, Class<?>> owners = new TreeMap<>();
  private final Map<String, Object> given;

  /**
   * Starts with schemas that no Java type says.
   *
   * @param given schemas by component name
   */
  Schemas(Map<String, Object> given) {
    this.given = given;
    components.putAll(given);
  }

  Map<String, Object> components() {
    return components;
  }

  Map<String, Object> of(Type type) {
    if (type instanceof ParameterizedType generic) {
      return ofGeneric(generic);
    }
    if (!(type instanceof Class<?> plain)) {
      return Map.of();
    }
    if (given.containsKey(plain.getSimpleName())) {
      return Map.of("$ref", "#/components/schemas/" + plain.getSimpleName());
    }
    if (plain.isArray()) {
      return array(of(plain.getComponentType()));
    }
    if (plain == Scope.class) {
      // Leave out the scopes that only a person in the browser can have.
      return Map.of("type", "string", "enum", Scope.GRANTABLE.stream().map(Scope::wire).toList());
    }
    if (plain.isEnum()) {
      return Map.of("type", "string", "enum", words(plain));
    }
    if (plain.isSealed()) {
      return oneOf(plain);
    }
    return plain.isRecord() ? component(plain) : simple(plain);
  }

  private Map<String, Object> oneOf(Class<?> sealed) {
    components.put(
        sealed.getSimpleName(),
        Map.of("oneOf", Arrays.stream(sealed.getPermittedSubclasses()).map(this::of).toList()));
    return Map.of("$ref", "#/components/schemas/" + sealed.getSimpleName());
  }

  private Map<String, Object> ofGeneric(ParameterizedType type) {
    var raw = (Class<?>) type.getRawType();
    var arguments = type.getActualTypeArguments();
    if (Collection.class.isAssignableFrom(raw)) {
      return array(of(arguments[0]));
    }
    return Map.class.isAssignableFrom(raw)
        ? Map.of("type", "object", "additionalProperties", of(arguments[1]))
        : of(raw);
  }

  private static Map<String, Object> simple(Class<?> type) {
    if (type == String.class) {
      return Map.of("type", "string");
    }
    if (type == UUID.class) {
      return Map.of("type", "string", "format", "uuid");
    }
    if (type == Instant.class) {
      return Map.of("type", "string", "format", "date-time");
    }
    if (type == LocalDate.class) {
      return Map.of("type", "string", "format", "date");
    }
    if (type == boolean.class || type == Boolean.class) {
      return Map.of("type", "boolean");
    }
    if (type == float.class || type == double.class || type == Double.class) {
      return Map.of("type", "number");
    }
    if (type == int.class || type == Integer.class) {
      return Map.of("type", "integer", "format", "int32");
    }
    if (type == long.class || type == Long.class) {
      return Map.of("type", "integer", "format", "int64");
    }
    return Map.of();
  }

  private Map<String, Object> component(Class<?> type) {
    var name = type.getSimpleName();
    var owner = owners.putIfAbsent(name, type);
    if (owner != null && owner != type) {
      throw new IllegalStateException(
          "Two types of the API are called " + name + ": " + owner + " and " + type + ".");
    }
    if (owner == null) {
      components.put(name, object(type));
    }
    return Map.of("$ref", "#/components/schemas/" + name);
  }

  private Map<String, Object> object(Class<?> type) {
    var properties = new LinkedHashMap<String, Object>();
    var required = new ArrayList<String>();
    for (var part : type.getRecordComponents()) {
      var name = snakeCase(part.getName());
      var said = part.getAnnotation(ApiProperty.class);
      var isOptional =
          part.getAnnotatedType().isAnnotationPresent(Nullable.class)
              && (said == null || !said.required());
      properties.put(name, isOptional ? orNull(property(part, type)) : property(part, type));
      if (!isOptional) {
        required.add(name);
      }
    }
    var object = new LinkedHashMap<String, Object>();
    object.put("type", "object");
    object.put("properties", properties);
    if (!required.isEmpty()) {
      object.put("required", required);
    }
    return object;
  }

  private Map<String, Object> property(RecordComponent part, Class<?> owner) {
    var said = part.getAnnotation(ApiProperty.class);
    if (said != null && said.as() != Object.class) {
      return of(said.as());
    }
    return isRaw(part) || isRaw(field(part, owner)) ? Map.of() : of(part.getGenericType());
  }

  /** Returns whether the property is ready-made JSON of any shape. */
  private static boolean isRaw(AnnotatedElement part) {
    return part.isAnnotationPresent(JsonRawValue.class);
  }

  private static AnnotatedElement field(RecordComponent part, Class<?> owner) {
    try {
      return owner.getDeclaredField(part.getName());
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException("A record has a field for each component.", e);
    }
  }

  private static Map<String, Object> orNull(Map<String, Object> schema) {
    return schema.isEmpty() ? schema : Map.of("anyOf", List.of(schema, Map.of("type", "null")));
  }

  private static Map<String, Object> array(Map<String, Object> items) {
    return Map.of("type", "array", "items", items);
  }

  /** Returns the constants as the mapper writes them, which follows their annotations. */
  private static List<String> words(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> StrictJson.MAPPER.valueToTree(constant).asString())
        .toList();
  }

  static String snakeCase(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(java.util.Locale.ROOT);
  }
}
