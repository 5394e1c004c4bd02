package dev.behalf.cli.terminal;

import java.lang.Character.UnicodeScript;
import java.util.Set;
import java.util.regex.Pattern;

/** Measures texts in terminal columns, and makes them safe and short enough for a line. */
final class Width {

  private static final Set<UnicodeScript> WIDE =
      Set.of(
          UnicodeScript.HAN,
          UnicodeScript.HIRAGANA,
          UnicodeScript.KATAKANA,
          UnicodeScript.HANGUL,
          UnicodeScript.BOPOMOFO,
          UnicodeScript.YI);

  /**
   * A grapheme cluster, which a person sees as one character: a letter with its accents, a flag, a
   * family.
   */
  private static final Pattern SIGN = Pattern.compile("\\X");

  private static final int EMOJI_STYLE = 0xFE0F;

  private Width() {}

  static int of(String text) {
    return SIGN.matcher(text).results().mapToInt(sign -> ofSign(sign.group())).sum();
  }

  private static int ofSign(String sign) {
    return sign.codePoints().map(Width::ofCodePoint).max().orElse(0);
  }

  private static int ofCodePoint(int point) {
    return switch (Character.getType(point)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> point == EMOJI_STYLE ? 2 : 0;
      case Character.FORMAT, Character.CONTROL -> 0;
      default -> isWide(point) ? 2 : 1;
    };
  }

  /**
   * Returns whether a code point takes two columns: East Asian Width W and F (UAX #11), and emoji.
   */
  private static boolean isWide(int point) {
    return point >= 0x1100
        && !(point >= 0xFF61 && point <= 0xFFDC)
        && (WIDE.contains(UnicodeScript.of(point))
            || (point >= 0x3000 && point <= 0x303E)
            || (point >= 0xFF01 && point <= 0xFF60)
            || (point >= 0xFFE0 && point <= 0xFFE6)
            || Character.isEmojiPresentation(point));
  }

  /**
   * Returns a text as one line that cannot control the terminal. White space becomes a space. The
   * replacement character takes the place of what is not shown, such as escape sequences and marks
   * that change the writing direction.
   */
  static String clean(String text) {
    var clean = new StringBuilder();
    text.codePoints()
        .map(point -> Character.isWhitespace(point) ? ' ' : isHidden(point) ? '\uFFFD' : point)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  private static boolean isHidden(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      case Character.FORMAT -> point != 0x200D && point != 0x200C;
      case Character.SURROGATE -> true;
      default -> false;
    };
  }

  /** Cuts a text to the given number of columns, with an ellipsis in place of what is cut off. */
  static String cut(String text, int columns) {
    var signs = SIGN.matcher(text);
    int taken = 0;
    int fitting = 0;
    while (signs.find()) {
      taken += ofSign(signs.group());
      if (taken > columns) {
        return text.substring(0, fitting) + "…";
      }
      if (taken < columns) {
        fitting = signs.end();
      }
    }
    return text;
  }
}
