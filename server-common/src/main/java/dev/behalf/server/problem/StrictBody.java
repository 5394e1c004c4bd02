package dev.behalf.server.problem;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks a controller parameter as the body of the request, which {@link JsonBody} reads. */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface StrictBody {

  /** Whether to refuse texts that the database cannot store; if not, the controller cleans them. */
  boolean storable() default true;
}
