package dev.behalf.cli;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The exit codes of a command. Scripts depend on the numbers, so no code changes its meaning. */
enum Exit {
  DONE(0, "done"),
  FAILED(1, "the job failed or was cancelled; or the state of a job or key forbids it (409)"),
  USAGE(2, "wrong usage, or the server rejected the input (400, 413, 422)"),
  REFUSED(3, "not signed in, or refused (401, 403)"),
  NOT_FOUND(4, "not found (404)"),
  UNWELL(5, "the server could not be reached, or failed (5xx)"),
  LIMITED(6, "refused by a quota or a rate limit (429)");

  private final int code;
  private final String sentence;

  Exit(int code, String sentence) {
    this.code = code;
    this.sentence = sentence;
  }

  int code() {
    return code;
  }

  static Exit ofStatus(int status) {
    return switch (status) {
      case 401, 403 -> REFUSED;
      case 404 -> NOT_FOUND;
      case 409 -> FAILED;
      case 429 -> LIMITED;
      default -> status >= 500 ? UNWELL : USAGE;
    };
  }

  /** Returns the exit codes with their meanings, for the help. */
  static Map<String, String> list() {
    return Arrays.stream(values())
        .collect(
            Collectors.toMap(
                exit -> " " + exit.code, exit -> exit.sentence, (one, same) -> one, TreeMap::new));
  }
}
