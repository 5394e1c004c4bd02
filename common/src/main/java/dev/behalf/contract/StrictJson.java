package dev.behalf.contract;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * The one reader and writer of everything that crosses a process border: UTF-8 only, snake_case,
 * and no guessing. A key given twice, an unknown property or text behind the end is refused.
 */
public final class StrictJson {

  public static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
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

  /**
   * Reads exactly one value.
   *
   * @throws Unreadable with a sentence for the sender, and nothing of the content in it
   */
  public static <T> T read(byte[] json, Class<T> type) {
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
      @Nullable T value = MAPPER.readValue(text, type);
      if (value == null) {
        throw new Unreadable(ProblemCode.JSON_MALFORMED, "The body is null.");
      }
      return value;
    } catch (CharacterCodingException notUtf8) {
      throw new Unreadable(ProblemCode.NOT_UTF8, "Send the body in UTF-8.");
    } catch (JacksonException malformed) {
      throw new Unreadable(ProblemCode.JSON_MALFORMED, reason(malformed));
    }
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
    return "It cannot be read" + place + ".";
  }

  /** The bytes are not what was expected. */
  public static final class Unreadable extends RuntimeException {
    private final ProblemCode code;

    private Unreadable(ProblemCode code, String detail) {
      super(detail, null, false, false);
      this.code = code;
    }

    public ProblemCode code() {
      return code;
    }

    public String detail() {
      return String.valueOf(getMessage());
    }
  }
}
