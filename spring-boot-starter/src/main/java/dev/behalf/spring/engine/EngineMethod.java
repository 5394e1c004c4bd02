package dev.behalf.spring.engine;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;

/** A method that is an engine, with the bean that it belongs to. */
final class EngineMethod {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");

  private final String name;
  private final String definition;
  private final Object bean;
  private final Method method;

  EngineMethod(BehalfEngine engine, Object bean, Method method) {
    this.name = engine.value();
    this.definition = engine.definition();
    this.bean = bean;
    this.method = method;
    var types = List.of(method.getParameterTypes());
    if (!NAME.matcher(name).matches()) {
      throw fault("has a name that is no name of an operation: \"" + name + "\".");
    }
    if (types.isEmpty()
        || types.size() > 2
        || types.getFirst() == EngineContext.class
        || (types.size() == 2 && types.getLast() != EngineContext.class)) {
      throw fault("must take the input, and may take an EngineContext after it.");
    }
    if (method.getReturnType() == void.class) {
      throw fault("must return the result.");
    }
    ReflectionUtils.makeAccessible(method);
  }

  private IllegalStateException fault(String fault) {
    return new IllegalStateException(
        "The engine %s.%s %s"
            .formatted(method.getDeclaringClass().getSimpleName(), method.getName(), fault));
  }

  String name() {
    return name;
  }

  /** Returns what its annotation adds to the definition. */
  String definition() {
    return definition;
  }

  Type inputType() {
    return method.getGenericParameterTypes()[0];
  }

  Type resultType() {
    return method.getGenericReturnType();
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
