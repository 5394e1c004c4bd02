package dev.behalf.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;

/** What nobody at a terminal can mend: they read one sentence, and the rest is in a file. */
public final class InternalError {

  private InternalError() {}

  /** Says where what a developer needs was written to. */
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
