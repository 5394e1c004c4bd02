package dev.behalf.cli;

import dev.behalf.cli.terminal.Terminal;
import dev.behalf.client.FakeBehalf;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Calls a command as a shell would, in this process, and does not wait where it would. */
final class Caller {

  static final String KEY = "bh_test_000000000000000000000000000000000000000000001DUvLQ";
  static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

  final Map<String, String> variables = new HashMap<>();
  final List<Duration> pauses = new ArrayList<>();
  private byte[] input = new byte[0];
  private boolean watched;
  private boolean inputIsTyped;
  private Optional<String> typed = Optional.empty();

  /** How it ended. */
  record Ended(int code, String out, String err) {

    List<String> lines() {
      return out.lines().toList();
    }
  }

  Caller(Path home) {
    variables.put("HOME", home.toString());
  }

  /** Signed in by the environment. */
  static Caller of(Path home, FakeBehalf server) {
    var caller = new Caller(home);
    caller.variables.put("BEHALF_SERVER", server.address());
    caller.variables.put("BEHALF_API_KEY", KEY);
    return caller;
  }

  Caller with(String variable, String value) {
    variables.put(variable, value);
    return this;
  }

  Caller piping(String text) {
    input = text.getBytes(StandardCharsets.UTF_8);
    return this;
  }

  Caller piping(byte[] bytes) {
    input = bytes;
    return this;
  }

  Caller typing(String text) {
    inputIsTyped = true;
    typed = Optional.of(text);
    return this;
  }

  Caller atATerminal() {
    watched = true;
    return with("TERM", "xterm");
  }

  Ended call(String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
    var errStream = new PrintStream(err, true, StandardCharsets.UTF_8);
    var shell =
        new Shell(
            variables,
            new ByteArrayInputStream(input),
            outStream,
            errStream,
            new Terminal(outStream, errStream, watched, variables),
            () -> typed,
            inputIsTyped,
            () -> NOW,
            pauses::add);
    var code = Cli.run(shell, arguments);
    return new Ended(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
