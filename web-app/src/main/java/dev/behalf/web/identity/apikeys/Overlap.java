package dev.behalf.web.identity.apikeys;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How long a rotated key keeps working alongside its successor. */
public enum Overlap {
  NOW("now", Duration.ZERO),
  MINUTES_15("15m", Duration.ofMinutes(15)),
  HOUR("1h", Duration.ofHours(1)),
  DAY("24h", Duration.ofDays(1)),
  WEEK("7d", Duration.ofDays(7)),
  /** Until the key has not been used for a time that is chosen with it. */
  UNTIL_SILENT("until_silent", null);

  private final String wire;
  private final @Nullable Duration time;

  Overlap(String wire, @Nullable Duration time) {
    this.wire = wire;
    this.time = time;
  }

  @JsonValue
  public String wire() {
    return wire;
  }

  /** Returns the length of the overlap; null if its end is not known in advance. */
  public @Nullable Duration time() {
    return time;
  }

  /**
   * Parses the text of {@link #wire}.
   *
   * @throws IllegalArgumentException for any other text
   */
  @JsonCreator
  public static Overlap of(String wire) {
    return Arrays.stream(values())
        .filter(overlap -> overlap.wire.equals(wire))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("Unknown overlap."));
  }
}
