package dev.behalf.web.work.jobs;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.JobPayload.Operation;

/**
 * About how many units a job will cost. What it costs, compute-server counts by the model's tokens;
 * only {@code echo} is known before.
 */
public final class Estimate {

  /** Of English, in the model's vocabulary. */
  private static final int LETTERS_OF_A_TOKEN = 4;

  private Estimate() {}

  public static long units(JobPayload payload) {
    return Operation.of(payload.operation()).orElse(null) == Operation.ECHO
        ? payload.unitsOfEcho()
        : payload.texts().mapToLong(Estimate::tokens).sum();
  }

  /** Other scripts have about a token for each character. */
  private static long tokens(String text) {
    long ascii = text.chars().filter(c -> c < 128).count();
    return 2
        + Math.ceilDiv(ascii, LETTERS_OF_A_TOKEN)
        + text.codePoints().filter(c -> c >= 128).count();
  }
}
