package dev.behalf.web.site.preferences;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a person has chosen.
 *
 * @param theme light or dark; empty for what the system has
 * @param language a language tag; empty for what the browser asks for
 */
public record DisplayPreferences(String theme, String language, ZoneId zone) {

  public static final Set<String> THEMES = Set.of("", "light", "dark");
  public static final Set<String> LANGUAGES = Set.of("", "en", "zh-CN");
  public static final DisplayPreferences UNCHOSEN = new DisplayPreferences("", "", ZoneOffset.UTC);

  /** What is not known is not chosen: a cookie can hold anything. */
  public static DisplayPreferences of(
      @Nullable String theme, @Nullable String language, @Nullable String timeZone) {
    return new DisplayPreferences(known(theme, THEMES), known(language, LANGUAGES), zone(timeZone));
  }

  /** The pages speak English, and Simplified Chinese to whoever asks for Chinese. */
  Locale locale(Locale browser) {
    var tag = language.isEmpty() ? browser.getLanguage() : language;
    return tag.startsWith("zh") ? Locale.SIMPLIFIED_CHINESE : Locale.ENGLISH;
  }

  /** Those that a person may choose from: cities, and UTC. */
  public static List<String> zones() {
    return Stream.concat(
            Stream.of("UTC"),
            ZoneId.getAvailableZoneIds().stream()
                .filter(zone -> zone.contains("/") && !zone.startsWith("Etc/"))
                .filter(zone -> !zone.startsWith("SystemV/"))
                .sorted())
        .toList();
  }

  private static String known(@Nullable String value, Set<String> values) {
    var given = Objects.requireNonNullElse(value, "");
    return values.contains(given) ? given : "";
  }

  private static ZoneId zone(@Nullable String name) {
    try {
      return name == null ? ZoneOffset.UTC : ZoneId.of(name);
    } catch (DateTimeException unknown) {
      return ZoneOffset.UTC;
    }
  }
}
