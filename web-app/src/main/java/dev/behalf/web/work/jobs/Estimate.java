package dev.behalf.web.work.jobs;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.JobPayload.Operation;

/**
 * Estimates how many units a job will cost. compute-server counts the actual cost in the model's
 * tokens; only the cost of {@code echo} is known in advance.
 */
public final class Estimate {

  /** ASCII characters per token, for English in the model's vocabulary. */
  private static final int LETTERS_OF_A_TOKEN = 4;

  private Estimate() {}

  public static long units(JobPayload payload) {
    return Operation.of(payload.operation()).orElse(null) == Operation.ECHO
        ? payload.unitsOfEcho()
        : payload.texts().mapToLong(Estimate::tokens).sum();
  }

  /** Estimates the tokens of a text. Scripts beyond ASCII have about one token per character. */
  private static long tokens(String text) {
    long ascii = text.chars().filter(c -> c < 128).count();
    return 2
        + Math.ceilDiv(ascii, LETTERS_OF_A_TOKEN)
        + text.codePoints().filter(c -> c >= 128).count();
  }
}
