package dev.behalf.contract;

import java.nio.charset.StandardCharsets;

/** Checks and cleans text, so that PostgreSQL can store it and UTF-8 can encode it. */
public final class StorableText {

  private StorableText() {}

  /**
   * Returns whether the text contains neither U+0000, which PostgreSQL rejects in text, nor half of
   * a surrogate pair.
   */
  public static boolean isStorable(CharSequence text) {
    return text.chars().noneMatch(c -> c == 0)
        && StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  /**
   * Returns whether the text has visible content: more than spaces, combining marks and invisible
   * characters.
   */
  public static boolean hasContent(String text) {
    return text.codePoints().anyMatch(StorableText::isContent);
  }

  private static boolean isContent(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.NON_SPACING_MARK,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> codePoint != 0xFFFD;
    };
  }

  /** Returns the first {@code most} UTF-16 units at most; never half of a surrogate pair. */
  public static String shortened(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
  }

  /** Returns the text with U+FFFD in place of each character that cannot be stored. */
  public static String cleaned(String text) {
    return text.codePoints()
        .map(c -> c == 0 || Character.getType(c) == Character.SURROGATE ? 0xFFFD : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
