package dev.behalf.operation;

/**
 * Thrown if a definition cannot be used; the message says what to change, for the person who wrote
 * the file.
 */
public final class BadDefinition extends RuntimeException {

  /** The line in the file, from 1; 0 if the definition did not come from a file. */
  private final int line;

  BadDefinition(int line, String reason) {
    super(reason, null, false, false);
    this.line = line;
  }

  public int line() {
    return line;
  }

  public String reason() {
    return String.valueOf(getMessage());
  }

  /** Returns the line and the reason, such as {@code line 12: …}. */
  public String sentence() {
    return line == 0 ? reason() : "line " + line + ": " + reason();
  }
}
