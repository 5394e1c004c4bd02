package dev.behalf.contract;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/**
 * The one reader and writer of everything that crosses a process border: UTF-8 only, snake_case,
 * and no guessing. A key given twice, an unknown property or text behind the end is refused, and a
 * value of another kind: 2.9 is no whole number, and a number is no time.
 */
public final class StrictJson {

  public static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .addModule(new SimpleModule().addDeserializer(Instant.class, new IsoInstant()))
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(
              LogicalType.Textual,
              text ->
                  text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .build();

  private StrictJson() {}

  public static byte[] write(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  public static String text(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /**
   * Reads exactly one value, all of whose texts can be stored.
   *
   * @throws Unreadable with a sentence for the sender, and nothing of the content in it
   */
  public static <T> T read(byte[] json, Class<T> type) {
    return read(json, type, true);
  }

  /**
   * The same, with any text.
   *
   * @param storable false where the reader makes texts fit by itself: see {@link StorableText}
   */
  public static <T> T read(byte[] json, Class<T> type, boolean storable) {
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
      if (storable && !isStorable(text)) {
        throw new Unreadable(
            ProblemCode.NOT_UTF8, "Leave \\u0000 and halves of surrogate pairs out.", null);
      }
      @Nullable T value = MAPPER.readValue(text, type);
      if (value == null) {
        throw new Unreadable(ProblemCode.JSON_MALFORMED, "The body is null.", null);
      }
      return value;
    } catch (CharacterCodingException notUtf8) {
      throw new Unreadable(ProblemCode.NOT_UTF8, "Send the body in UTF-8.", null);
    } catch (JacksonException malformed) {
      throw unreadable(malformed);
    }
  }

  /** What no UTF-8 says can come by escapes alone. */
  private static boolean isStorable(String json) {
    if (!json.contains("\\u")) {
      return true;
    }
    try (var parser = MAPPER.createParser(json)) {
      for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if ((token == JsonToken.VALUE_STRING || token == JsonToken.PROPERTY_NAME)
            && !StorableText.isStorable(parser.getString())) {
          return false;
        }
      }
      return true;
    }
  }

  private static Unreadable unreadable(JacksonException malformed) {
    var field =
        malformed.getPath().stream()
            .map(JacksonException.Reference::getPropertyName)
            .filter(Objects::nonNull)
            .reduce(null, (before, name) -> name);
    return malformed.getCause() instanceof IsoInstant.OutOfRange
        ? new Unreadable(
            ProblemCode.PAYLOAD_INVALID, "Choose a time between the years 1 and 9999.", field)
        : new Unreadable(ProblemCode.JSON_MALFORMED, reason(malformed), field);
  }

  private static String reason(JacksonException malformed) {
    var where = malformed.getLocation();
    var place =
        where == null || where.getLineNr() < 1
            ? ""
            : " (line " + where.getLineNr() + ", column " + where.getColumnNr() + ")";
    var text = malformed.getOriginalMessage();
    if (text != null && text.startsWith("Duplicate Object property")) {
      return "A property is given twice" + place + ".";
    }
    if (text != null && text.startsWith("Unrecognized property")) {
      return "A property is not known here" + place + ".";
    }
    if (malformed instanceof MismatchedInputException mismatch
        && mismatch.getTargetType() == Instant.class) {
      return "Write a time as in 2026-11-24T10:00:00Z" + place + ".";
    }
    return "It cannot be read" + place + ".";
  }

  /** The bytes are not what was expected. */
  public static final class Unreadable extends RuntimeException {
    private final ProblemCode code;
    private final @Nullable String field;

    private Unreadable(ProblemCode code, String detail, @Nullable String field) {
      super(detail, null, false, false);
      this.code = code;
      this.field = field;
    }

    /** The property that it is about, where it is one. */
    public @Nullable String field() {
      return field;
    }

    public ProblemCode code() {
      return code;
    }

    public String detail() {
      return String.valueOf(getMessage());
    }
  }
}
