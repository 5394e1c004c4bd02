package dev.behalf.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What the description of the API says of a property beyond its Java type. */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface ApiProperty {

  /** What it holds, where the Java type is a text, or JSON that is passed on as it is. */
  Class<?> as() default Object.class;

  /** Absent, it is a fault that is told, and not one of reading: hence it may be null in Java. */
  boolean required() default false;
}
