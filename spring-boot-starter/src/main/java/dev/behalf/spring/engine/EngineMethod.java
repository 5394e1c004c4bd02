package dev.behalf.spring.engine;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.node.ObjectNode;

/**
 * A method that is an engine, with the bean that it belongs to, checked when the application
 * starts.
 */
final class EngineMethod {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");

  private final String name;
  private final Object bean;
  private final Method method;
  private final Type inputType;
  private final ObjectNode inputSchema;
  private final ObjectNode resultSchema;
  private final Map<String, Object> definition;

  /**
   * A method of a bean.
   *
   * @throws IllegalStateException if it cannot be an engine, with the reason
   */
  EngineMethod(BehalfEngine engine, Object bean, Method method) {
    this.name = engine.value();
    this.bean = bean;
    this.method = method;
    if (!NAME.matcher(name).matches()) {
      throw fault("has a name that is no name of an operation: \"" + name + "\".");
    }
    var types = List.of(method.getParameterTypes());
    if (types.isEmpty()
        || types.size() > 2
        || types.getFirst() == EngineContext.class
        || (types.size() == 2 && types.getLast() != EngineContext.class)) {
      throw fault("must take the input, and may take an EngineContext after it.");
    }
    inputType = resolved(method.getGenericParameterTypes()[0]);
    var resultType = resolved(method.getGenericReturnType());
    requireObject(inputType, "take");
    requireObject(resultType, "return");
    inputSchema = schema(Schemas::ofInput, inputType);
    resultSchema = schema(Schemas::ofResult, resultType);
    requireReadable();
    definition = definition(engine.definition());
    ReflectionUtils.makeAccessible(method);
  }

  /** Returns a type in which each variable is what it is for this bean. */
  private Type resolved(Type type) {
    return GenericTypeResolver.resolveType(type, ClassUtils.getUserClass(bean));
  }

  /** Input and result are JSON objects; a type of the JDK is one only if it is a map. */
  private void requireObject(Type type, String verb) {
    var raw = ResolvableType.forType(type).resolve(Object.class);
    var isOfJdk = raw.getName().startsWith("java.") && raw != Object.class;
    if (raw.isPrimitive()
        || raw.isArray()
        || raw.isEnum()
        || (isOfJdk && !Map.class.isAssignableFrom(raw))) {
      throw fault("must " + verb + " a record or a map, not " + raw.getSimpleName() + ".");
    }
  }

  private ObjectNode schema(Function<Type, ObjectNode> generator, Type type) {
    try {
      return generator.apply(type);
    } catch (RuntimeException inexpressible) {
      throw new IllegalStateException(
          "The engine %s has a type without a schema: %s"
              .formatted(this, inexpressible.getMessage()),
          inexpressible);
    }
  }

  private void requireReadable() {
    try {
      var unused =
          Json.MAPPER.<@Nullable Object>readValue("{}", Json.MAPPER.constructType(inputType));
    } catch (InvalidDefinitionException unreadable) {
      throw fault("takes a type that cannot be read: " + unreadable.getOriginalMessage());
    } catch (JacksonException incomplete) {
      // An input needs more than that.
    }
  }

  private Map<String, Object> definition(String yaml) {
    try {
      Object written = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
      if (written == null) {
        return Map.of();
      }
      if (written instanceof Map<?, ?> map
          && !map.containsKey("name")
          && !map.containsKey("engine")) {
        var properties = new LinkedHashMap<String, Object>();
        map.forEach((property, value) -> properties.put(String.valueOf(property), value));
        return properties;
      }
    } catch (YAMLException malformed) {
      throw fault("has a definition that is no YAML: " + malformed.getMessage());
    }
    throw fault("must have a definition of properties, without \"name\" and \"engine\".");
  }

  private IllegalStateException fault(String fault) {
    return new IllegalStateException("The engine " + this + " " + fault);
  }

  String name() {
    return name;
  }

  /** Returns what its annotation adds to the definition. */
  Map<String, Object> definition() {
    return definition;
  }

  Type inputType() {
    return inputType;
  }

  ObjectNode inputSchema() {
    return inputSchema;
  }

  ObjectNode resultSchema() {
    return resultSchema;
  }

  /** Returns whether a call may take long, and shows that it is alive while it does. */
  boolean isLong() {
    return "long".equals(definition.get("run"));
  }

  /**
   * Returns how often a call shows that it is alive.
   *
   * @param usual the application's setting; shorter if the operation allows less silence
   */
  Duration heartbeat(Duration usual) {
    if (definition.get("limits") instanceof Map<?, ?> limits
        && limits.get("silence") instanceof String silence) {
      var third = DurationStyle.SIMPLE.parse(silence).dividedBy(3);
      return third.compareTo(usual) < 0 ? third : usual;
    }
    return usual;
  }

  /** Does the work; what the method throws is thrown as it is. */
  @Nullable Object call(Object input, EngineContext context) throws Exception {
    var arguments = new Object[] {input, context};
    try {
      return method.invoke(bean, Arrays.copyOf(arguments, method.getParameterCount()));
    } catch (InvocationTargetException failed) {
      switch (failed.getCause()) {
        case Exception exception -> throw exception;
        case Error error -> throw error;
        case null, default -> throw failed;
      }
    }
  }

  @Override
  public String toString() {
    return method.getDeclaringClass().getSimpleName() + "." + method.getName();
  }
}
