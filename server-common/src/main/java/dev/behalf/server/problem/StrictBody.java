package dev.behalf.server.problem;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The body of the request, read by {@link JsonBody}. */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface StrictBody {

  /** Whether texts that no database holds are refused; else the controller makes them fit. */
  boolean storable() default true;
}
