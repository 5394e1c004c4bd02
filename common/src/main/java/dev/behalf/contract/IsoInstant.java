package dev.behalf.contract;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/**
 * Deserializes RFC 3339 times from the years 1 to 9999, which every calendar and database can
 * store.
 */
final class IsoInstant extends StdDeserializer<Instant> {

  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

  IsoInstant() {
    super(Instant.class);
  }

  /** Thrown for a valid time outside these years. */
  static final class OutOfRange extends RuntimeException {
    private OutOfRange() {
      super("out of range", null, false, false);
    }
  }

  @Override
  public Instant deserialize(JsonParser parser, DeserializationContext context) {
    if (!parser.hasToken(JsonToken.VALUE_STRING)) {
      return (Instant) context.handleUnexpectedToken(Instant.class, parser);
    }
    Instant time;
    try {
      time = OffsetDateTime.parse(parser.getString()).toInstant();
    } catch (DateTimeException noTime) {
      return (Instant)
          context.handleWeirdStringValue(Instant.class, parser.getString(), "not a time");
    }
    if (time.isBefore(FIRST) || time.isAfter(LAST)) {
      throw new OutOfRange();
    }
    return time;
  }
}
