package dev.behalf.operation;

/** Names within JSON pointers (RFC 6901, section 3). */
public final class Pointers {

  private Pointers() {}

  public static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  static String unescaped(String name) {
    return name.replace("~1", "/").replace("~0", "~");
  }
}
