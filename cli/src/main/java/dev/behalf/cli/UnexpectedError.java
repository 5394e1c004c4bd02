package dev.behalf.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;

/**
 * Reports faults of behalf itself, which the user cannot fix: one sentence for the terminal, and
 * the stack trace in a file.
 */
public final class UnexpectedError {

  private UnexpectedError() {}

  /** Writes the stack trace to a temporary file and returns a sentence that names the file. */
  public static String sentence(Throwable fault) {
    var sentence = "Internal error of behalf (" + fault.getClass().getSimpleName() + ").";
    try {
      var file = Files.createTempFile("behalf-fault-", ".log");
      try (var out = new PrintWriter(Files.newBufferedWriter(file))) {
        fault.printStackTrace(out);
      }
      return sentence + " To report it, attach " + file + ".";
    } catch (IOException noFile) {
      return sentence;
    }
  }
}
