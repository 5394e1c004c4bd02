package dev.behalf.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;

/**
 * Reports faults of behalf itself, which the user cannot fix: one sentence for the terminal, and
 * the stack trace in a file.
 */
public final class InternalError {

  private InternalError() {}

  /** Writes the stack trace to a temporary file and returns a sentence that names the file. */
  public static String sentence(Throwable fault) {
    var sentence =
        "This is a fault of behalf itself (" + fault.getClass().getSimpleName() + "), not yours.";
    try {
      var file = Files.createTempFile("behalf-fault-", ".log");
      try (var out = new PrintWriter(Files.newBufferedWriter(file))) {
        fault.printStackTrace(out);
      }
      return sentence + " What a report of it needs is in " + file + ".";
    } catch (IOException noFile) {
      return sentence;
    }
  }
}
