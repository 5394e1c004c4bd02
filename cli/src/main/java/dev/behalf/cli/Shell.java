package dev.behalf.cli;

import dev.behalf.cli.terminal.Terminal;
import dev.behalf.client.Pause;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The environment that a command runs in: variables, streams, terminal and clock.
 *
 * @param variables environment variables
 * @param typed reads a line from the terminal without echo; empty if no terminal can do so
 * @param inputIsTyped whether the standard input is a terminal
 */
record Shell(
    Map<String, String> variables,
    InputStream in,
    PrintStream out,
    PrintStream err,
    Terminal terminal,
    Supplier<Optional<String>> typed,
    boolean inputIsTyped,
    InstantSource clock,
    Pause pause) {

  /**
   * Returns the shell of this process. The launcher script says which streams are terminals: Java
   * can say so only for all streams together.
   */
  static Shell ofProcess() {
    var out = utf8(FileDescriptor.out);
    var err = utf8(FileDescriptor.err);
    var variables = System.getenv();
    var watched = Boolean.getBoolean("behalf.terminal");
    return new Shell(
        variables,
        System.in,
        out,
        err,
        new Terminal(out, err, watched, variables),
        () -> watched ? hidden(System.console()) : Optional.empty(),
        Boolean.getBoolean("behalf.typed"),
        InstantSource.system(),
        time -> TimeUnit.NANOSECONDS.sleep(time.toNanos()));
  }

  static Shell withoutTerminal(
      Map<String, String> variables, InputStream in, PrintStream out, PrintStream err) {
    return new Shell(
        variables,
        in,
        out,
        err,
        new Terminal(out, err, false, variables),
        Optional::empty,
        false,
        InstantSource.system(),
        time -> TimeUnit.NANOSECONDS.sleep(time.toNanos()));
  }

  /** Returns a stream in UTF-8, whatever the locale: piped output is JSON, and JSON is UTF-8. */
  private static PrintStream utf8(FileDescriptor stream) {
    return new PrintStream(new FileOutputStream(stream), true, StandardCharsets.UTF_8);
  }

  private static Optional<String> hidden(@org.jspecify.annotations.Nullable Console console) {
    return Optional.ofNullable(console)
        .map(terminal -> terminal.readPassword("API key: "))
        .map(String::new);
  }
}
