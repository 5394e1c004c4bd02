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
 * A user's display preferences.
 *
 * @param theme {@code light} or {@code dark}; empty for the system's theme
 * @param language a language tag; empty for the browser's language
 */
public record DisplayPreferences(String theme, String language, ZoneId zone) {

  public static final Set<String> THEMES = Set.of("", "light", "dark");
  public static final Set<String> LANGUAGES = Set.of("", "en", "zh-CN");
  public static final DisplayPreferences UNCHOSEN = new DisplayPreferences("", "", ZoneOffset.UTC);

  /** Creates preferences, with the default for any unknown value: a cookie can hold anything. */
  public static DisplayPreferences of(
      @Nullable String theme, @Nullable String language, @Nullable String timeZone) {
    return new DisplayPreferences(known(theme, THEMES), known(language, LANGUAGES), zone(timeZone));
  }

  /**
   * Returns Simplified Chinese if the user, or else the browser, asks for Chinese; otherwise
   * English.
   */
  Locale locale(Locale browser) {
    var tag = language.isEmpty() ? browser.getLanguage() : language;
    return tag.startsWith("zh") ? Locale.SIMPLIFIED_CHINESE : Locale.ENGLISH;
  }

  /** Returns the time zones that a user may choose: UTC, and cities. */
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
