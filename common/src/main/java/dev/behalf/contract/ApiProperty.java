package dev.behalf.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Describes a property of the API where its Java type does not say enough. */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface ApiProperty {

  /** The type of the content, if the Java type is a string or unparsed JSON. */
  Class<?> as() default Object.class;

  /**
   * Whether clients must send the property. Its Java type stays nullable, because validation, not
   * the JSON reader, reports a missing value.
   */
  boolean required() default false;
}
