package dev.behalf.cli.terminal;

import dev.behalf.contract.ApiKeyFormat;
import java.io.PrintStream;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The output of a command: results go to standard output, everything else to standard error.
 *
 * <p>Only {@link #reveal} prints a key. {@link #tell} shortens any key in its text.
 */
public final class Terminal {

  /**
   * Maximum width of the status line, in columns: a line that the terminal wraps cannot be erased.
   */
  private static final int NARROW = 78;

  /** Imported keys, which have the format of djangorestframework-api-key. */
  private static final Pattern IMPORTED =
      Pattern.compile("\\b([0-9A-Za-z]{8})\\.[0-9A-Za-z]{32}\\b");

  private final PrintStream out;
  private final PrintStream err;
  private final boolean coloured;
  private final boolean live;
  private String status = "";
  private boolean isInLine;

  public Terminal(
      PrintStream out, PrintStream err, boolean watched, Map<String, String> variables) {
    this.out = out;
    this.err = err;
    this.live = watched && !variables.getOrDefault("TERM", "dumb").equals("dumb");
    // https://no-color.org: any value that is not empty turns colours off.
    this.coloured = live && variables.getOrDefault("NO_COLOR", "").isEmpty();
  }

  public boolean isColoured() {
    return coloured;
  }

  public void print(String line) {
    clearStatus();
    out.println(line);
  }

  /** Prints a part of a text as it comes; what others wrote cannot control the terminal. */
  public void append(String part) {
    clearStatus();
    out.print(
        part.lines().map(Width::clean).collect(Collectors.joining("\n"))
            + (part.endsWith("\n") ? "\n" : ""));
    out.flush();
    isInLine = !part.endsWith("\n");
  }

  /** Ends the line that {@link #append} has begun. */
  public void endLine() {
    clearStatus();
    if (isInLine) {
      out.println();
      isInLine = false;
    }
  }

  /** Prints the text of a new key and nothing else, so that it can be piped. */
  public void reveal(String secret) {
    out.println(secret);
  }

  public void tell(String sentence) {
    clearStatus();
    sentence.lines().map(Width::clean).map(Terminal::withoutKeys).forEach(err::println);
  }

  /**
   * Shows the current state on a line that the next output replaces; only a terminal can do that.
   */
  public void status(String text) {
    // A status within a line of output would break it.
    if (live && !isInLine) {
      clearStatus();
      status = Width.cut(Width.clean(text), NARROW);
      out.print(painted(Style.FAINT, status));
      out.flush();
    }
  }

  private void clearStatus() {
    if (!status.isEmpty()) {
      out.print("\r\033[K");
      status = "";
    }
  }

  public boolean isLive() {
    return live;
  }

  public String painted(Style paint, String text) {
    return coloured ? paint.apply(text) : text;
  }

  /** Shortens all keys in a text: a user may have typed one in the wrong place. */
  public static String withoutKeys(String text) {
    var ours = ApiKeyFormat.PATTERN.matcher(text).replaceAll(Terminal::shortened);
    return IMPORTED.matcher(ours).replaceAll("$1.…");
  }

  private static String shortened(MatchResult key) {
    return "bh_" + key.group(1) + "_" + key.group(2) + "…";
  }

  /** Returns a text, which others may have written, as one line that is safe to print. */
  public static String clean(String text) {
    return Width.clean(text);
  }
}
