package dev.behalf.web.site.security;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names a browser and its system as people know them, from a User-Agent header. */
public final class Browser {

  /** Names by the token that gives a browser away; others pretend to be those further down. */
  private static final Map<String, String> BROWSERS =
      ordered(
          "Edg", "Edge",
          "OPR/", "Opera",
          "SamsungBrowser/", "Samsung Internet",
          "Firefox/", "Firefox",
          "FxiOS/", "Firefox",
          "CriOS/", "Chrome",
          "Chrome/", "Chrome",
          "Safari/", "Safari");

  private static final Map<String, String> SYSTEMS =
      ordered(
          "Windows", "Windows",
          "iPhone", "iPhone",
          "iPad", "iPad",
          "Android", "Android",
          "CrOS", "ChromeOS",
          "Mac OS X", "macOS",
          "Linux", "Linux");

  private static final int LONGEST = 40;

  private Browser() {}

  /**
   * Returns a name such as "Chrome on Linux"; of a program, the first word of the header. Null if
   * the header says nothing.
   */
  public static @Nullable String name(@Nullable String userAgent) {
    if (userAgent == null || userAgent.isBlank()) {
      return null;
    }
    var browser = first(BROWSERS, userAgent);
    var system = first(SYSTEMS, userAgent);
    if (browser != null) {
      return system == null ? browser : browser + " on " + system;
    }
    var word = userAgent.strip().split("[\\s/]", 2)[0];
    return word.length() <= LONGEST ? word : word.substring(0, LONGEST);
  }

  private static @Nullable String first(Map<String, String> names, String userAgent) {
    return names.entrySet().stream()
        .filter(name -> userAgent.contains(name.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  private static Map<String, String> ordered(String... pairs) {
    var map = new LinkedHashMap<String, String>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }
}
