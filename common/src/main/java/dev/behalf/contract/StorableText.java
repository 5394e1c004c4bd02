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
}
