package dev.behalf.contract;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An enum whose constants have the same name in tables, queue messages, the API and translation
 * keys.
 */
public interface WireName {

  String name();

  /** Returns the name outside Java, in lower case, such as {@code job_ended}. */
  @JsonValue
  default String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  static <E extends Enum<E> & WireName> Optional<E> find(Class<E> type, @Nullable String wire) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.wire().equals(wire))
        .findFirst();
  }
}
