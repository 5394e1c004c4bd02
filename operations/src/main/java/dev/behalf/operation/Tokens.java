package dev.behalf.operation;

/**
 * Estimates how many tokens a text is. Each model has a vocabulary of its own, and those of others
 * are not known here.
 */
public final class Tokens {

  /** ASCII characters of a token in English prose. */
  private static final int OF_PROSE = 4;

  /** ASCII characters of a token in code, numbers and random text. */
  private static final int AT_LEAST = 2;

  private Tokens() {}

  /** Returns an estimate for prose. Scripts beyond ASCII have about one token per character. */
  public static long likely(String text) {
    return 2
        + Math.ceilDiv(ascii(text), OF_PROSE)
        + text.codePoints().filter(c -> c >= 128).count();
  }

  /** Returns how many tokens a text seldom exceeds, whatever it is. */
  public static long most(String text) {
    return 2 + Math.ceilDiv(ascii(text), AT_LEAST) + text.chars().filter(c -> c >= 128).count();
  }

  private static long ascii(String text) {
    return text.chars().filter(c -> c < 128).count();
  }
}
