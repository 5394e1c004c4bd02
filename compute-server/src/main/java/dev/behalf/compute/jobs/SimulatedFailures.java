package dev.behalf.compute.jobs;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Texts that make a test job fail or run slowly, so that users can see how their program reacts. A
 * live job with such a text runs like any other.
 */
final class SimulatedFailures {

  private static final Pattern SLOW = Pattern.compile("slow\\.(\\d{1,2})s");

  /** Maximum delay, in seconds: less than a worker waits for an answer. */
  private static final int LONGEST_SECONDS = 15;

  private SimulatedFailures() {}

  /**
   * Simulates the outcome that the first text of the input asks for, and returns if the job is to
   * be computed.
   *
   * @param isFirst whether this is the first attempt of the job
   */
  static void play(JobPayload payload, boolean isFirst) {
    var text = payload.firstText().orElse("").strip().toLowerCase(Locale.ROOT);
    var slow = SLOW.matcher(text);
    if (slow.matches()) {
      pause(Math.min(LONGEST_SECONDS, Integer.parseInt(slow.group(1))));
      return;
    }
    switch (text) {
      case "fail.once" -> {
        if (isFirst) {
          throw Problem.unavailable();
        }
      }
      case "fail.always" -> throw refused(ProblemCode.PAYLOAD_INVALID, "fails whenever it runs");
      case "time.limit" -> throw refused(ProblemCode.TIME_LIMIT, "exceeds its time limit");
      case "quota.exceeded" ->
          throw refused(ProblemCode.QUOTA_EXCEEDED, "exceeds the quota")
              .with("Retry-After", "3600");
      default -> {}
    }
  }

  private static Problem refused(ProblemCode code, String how) {
    return new Problem(code, "This is the test text that " + how + ": send another one.");
  }

  private static void pause(int seconds) {
    try {
      TimeUnit.SECONDS.sleep(seconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.unavailable();
    }
  }
}
