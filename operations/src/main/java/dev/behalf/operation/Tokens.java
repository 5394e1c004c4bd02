package dev.behalf.operation;

import java.nio.charset.StandardCharsets;

/**
 * Estimates how many tokens a text is. Each model has a vocabulary of its own, and those of others
 * are not known here.
 */
public final class Tokens {

  /** ASCII characters of a token in English prose. */
  private static final int OF_PROSE = 4;

  /** Letters of a token in other alphabets. */
  private static final int OF_ALPHABETS = 3;

  /** The first character of the scripts of East Asia. */
  private static final int EAST_ASIA = 0x2E80;

  private Tokens() {}

  /**
   * Returns an estimate for the built-in model, which knows English words. Scripts beyond ASCII
   * have about one token per character.
   */
  public static long likely(String text) {
    return 2
        + Math.ceilDiv(ascii(text), OF_PROSE)
        + text.codePoints().filter(c -> c >= 128).count();
  }

  /** Returns an estimate for language models, which is rather too low than too high. */
  public static long atLeast(String text) {
    long others = text.codePoints().filter(c -> c >= 128 && c < EAST_ASIA).count();
    return ascii(text) / OF_PROSE
        + others / OF_ALPHABETS
        + text.codePoints().filter(c -> c >= EAST_ASIA).count() / 2;
  }

  /**
   * Returns the most tokens that a text can be: in all vocabularies, a token has a byte or more.
   */
  static long most(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static long ascii(String text) {
    return text.chars().filter(c -> c < 128).count();
  }
}
