package dev.behalf.web.webhooks;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** Why an endpoint hears nothing. */
public enum DisabledReason {
  /** Its owner wants it so; what waits goes on when it is enabled again. */
  OWNER,
  /** It has answered 410. */
  GONE,
  /** It has done nothing but fail for days. */
  FAILING;

  private final String wire = name().toLowerCase(Locale.ROOT);

  @JsonValue
  public String wire() {
    return wire;
  }

  static DisabledReason of(String wire) {
    return Arrays.stream(values())
        .filter(reason -> reason.wire.equals(wire))
        .findFirst()
        .orElseThrow();
  }
}
