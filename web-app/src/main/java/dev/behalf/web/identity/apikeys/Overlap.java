package dev.behalf.web.identity.apikeys;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How long a rotated key goes on working beside its successor. */
public enum Overlap {
  NOW("now", Duration.ZERO),
  MINUTES_15("15m", Duration.ofMinutes(15)),
  HOUR("1h", Duration.ofHours(1)),
  DAY("24h", Duration.ofDays(1)),
  WEEK("7d", Duration.ofDays(7)),
  /** Until nobody has used it for a time that is chosen with it. */
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

  /** Nothing where the end is not known beforehand. */
  public @Nullable Duration time() {
    return time;
  }

  /**
   * Reads {@link #wire}.
   *
   * @throws IllegalArgumentException for any other word
   */
  @JsonCreator
  public static Overlap of(String wire) {
    return Arrays.stream(values())
        .filter(overlap -> overlap.wire.equals(wire))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("There is no such overlap."));
  }
}
