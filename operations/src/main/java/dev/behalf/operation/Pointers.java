package dev.behalf.operation;

/** Names within JSON pointers (RFC 6901, section 3). */
final class Pointers {

  private Pointers() {}

  static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  static String unescaped(String name) {
    return name.replace("~1", "/").replace("~0", "~");
  }
}
