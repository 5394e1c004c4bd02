package dev.behalf.operation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Map;

/** A text in English and perhaps other languages, by language tag (BCP 47). */
public record Localized(@JsonValue Map<String, String> texts) {

  /** No text in any language. */
  static final Localized NONE = new Localized(Map.of());

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Localized {
    texts = Map.copyOf(texts);
  }

  /** Returns the text in the language, or in English. */
  public String in(Locale locale) {
    var exact = texts.get(locale.toLanguageTag());
    if (exact != null) {
      return exact;
    }
    return texts.getOrDefault(locale.getLanguage(), english());
  }

  public String english() {
    return texts.getOrDefault("en", "");
  }
}
