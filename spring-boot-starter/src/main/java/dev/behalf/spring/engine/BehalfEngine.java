package dev.behalf.spring.engine;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that does the work of an operation. Behalf calls it over HTTP, by version 1 of its
 * engine protocol, at {@code POST /behalf/engines/NAME}.
 *
 * <pre>{@code
 * record Letter(@NotBlank String name, @JsonPropertyDescription("At most 3") @Max(3) int lines) {}
 *
 * record Text(String text) {}
 *
 * @BehalfEngine("letter")
 * Text write(Letter letter, EngineContext context) {
 *   context.progress(0.5, "half of it");
 *   return new Text("Dear " + letter.name());
 * }
 * }</pre>
 *
 * <p>The method takes the input, and optionally an {@link EngineContext}. Input and result are
 * records, or maps with text as keys. The JSON Schema of the input is made from the record: every
 * component is required unless it is {@code @Nullable} or an {@code Optional}; annotations of
 * Jakarta Validation become bounds.
 *
 * <p>A method may be called twice for the same job, also at the same time: the second call has
 * another {@link EngineContext#runId()}. It may throw {@link EngineProblem}; any other exception is
 * a failed attempt, which Behalf repeats.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface BehalfEngine {

  /** The name of the operation: {@code ^[a-z][a-z0-9-]{0,62}$}. */
  String value();

  /**
   * The rest of the operation's definition, as YAML. Properties that it leaves out are derived:
   * {@code title} from the name, {@code input} and {@code output} from the types of the method,
   * {@code units: {name: call, fixed: 1}}, {@code run: quick}. {@code name} and {@code engine} are
   * always derived.
   */
  String definition() default "";
}
