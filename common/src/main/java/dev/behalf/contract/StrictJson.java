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
 * Reads and writes all JSON that crosses a process boundary: UTF-8 only, snake_case, and no
 * guessing. It rejects duplicate keys, unknown properties, text after the end, and values of
 * another type: 2.9 is not an integer, and a number is not a time.
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
   * Reads exactly one value, all of whose strings can be stored.
   *
   * @throws Unreadable with a sentence for the sender that quotes nothing of the content
   */
  public static <T> T read(byte[] json, Class<T> type) {
    return read(json, type, true);
  }

  /**
   * Reads exactly one value, and checks its strings only on request.
   *
   * @param storable whether to reject strings that cannot be stored; false if the caller cleans
   *     them with {@link StorableText}
   */
  public static <T> T read(byte[] json, Class<T> type, boolean storable) {
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
      if (storable && !isStorable(text)) {
        throw new Unreadable(ProblemCode.NOT_UTF8, "Remove \\u0000 and unpaired surrogates.", null);
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

  /**
   * Checks only JSON with escapes: raw text in valid JSON holds neither surrogates, which UTF-8
   * excludes, nor U+0000.
   */
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
      return "A property appears twice" + place + ".";
    }
    if (text != null && text.startsWith("Unrecognized property")) {
      return "Unknown property" + place + ".";
    }
    if (malformed instanceof MismatchedInputException mismatch
        && mismatch.getTargetType() == Instant.class) {
      return "Write a time as in 2026-11-24T10:00:00Z" + place + ".";
    }
    return "The JSON is malformed" + place + ".";
  }

  /** Thrown if bytes are not the expected JSON. */
  public static final class Unreadable extends RuntimeException {
    private final ProblemCode code;
    private final @Nullable String field;

    private Unreadable(ProblemCode code, String detail, @Nullable String field) {
      super(detail, null, false, false);
      this.code = code;
      this.field = field;
    }

    /** Returns the property with the error, or null if the error concerns no single property. */
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
