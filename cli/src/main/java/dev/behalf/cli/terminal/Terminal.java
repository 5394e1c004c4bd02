package dev.behalf.cli.terminal;

import dev.behalf.contract.ApiKeyFormat;
import java.io.PrintStream;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What a command says: its result to the standard output, everything else to the standard error.
 *
 * <p>A key is printed by {@link #reveal} alone; whatever else is said, none is in it.
 */
public final class Terminal {

  /** A line that a terminal breaks cannot be taken back. */
  private static final int NARROW = 78;

  /** Keys of djangorestframework-api-key, which can be taken over. */
  private static final Pattern IMPORTED =
      Pattern.compile("\\b([0-9A-Za-z]{8})\\.[0-9A-Za-z]{32}\\b");

  private final PrintStream out;
  private final PrintStream err;
  private final boolean coloured;
  private final boolean live;
  private String status = "";

  public Terminal(
      PrintStream out, PrintStream err, boolean watched, Map<String, String> variables) {
    this.out = out;
    this.err = err;
    this.live = watched && !variables.getOrDefault("TERM", "dumb").equals("dumb");
    // https://no-color.org: present and not empty, whatever it says.
    this.coloured = live && variables.getOrDefault("NO_COLOR", "").isEmpty();
  }

  public boolean isColoured() {
    return coloured;
  }

  public void print(String line) {
    clearStatus();
    out.println(line);
  }

  /** The text of a new key, and nothing else, so that it can be piped. */
  public void reveal(String secret) {
    out.println(secret);
  }

  public void tell(String sentence) {
    clearStatus();
    sentence.lines().map(Width::clean).map(Terminal::withoutKeys).forEach(err::println);
  }

  /** What is so at the moment, on a line that the next one takes. Only a terminal can do that. */
  public void status(String text) {
    if (live) {
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

  /** Somebody may have typed one where it does not belong. */
  public static String withoutKeys(String text) {
    var ours = ApiKeyFormat.PATTERN.matcher(text).replaceAll(Terminal::shortened);
    return IMPORTED.matcher(ours).replaceAll("$1.…");
  }

  private static String shortened(MatchResult key) {
    return "bh_" + key.group(1) + "_" + key.group(2) + "…";
  }

  /** One line of a text that others may have written. */
  public static String clean(String text) {
    return Width.clean(text);
  }
}
