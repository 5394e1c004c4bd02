package dev.behalf.contract;

import java.nio.charset.StandardCharsets;

/** Text that PostgreSQL can hold and UTF-8 can say. */
public final class StorableText {

  private StorableText() {}

  /** Without U+0000, which PostgreSQL takes in no text, and without half of a surrogate pair. */
  public static boolean isStorable(CharSequence text) {
    return text.chars().noneMatch(c -> c == 0)
        && StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  /**
   * Whether there is something to read in it: not only spaces, marks without a letter and
   * characters that nobody sees.
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

  /** The same text with U+FFFD in place of what cannot be stored. */
  public static String cleaned(String text) {
    return text.codePoints()
        .map(c -> c == 0 || Character.getType(c) == Character.SURROGATE ? 0xFFFD : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
