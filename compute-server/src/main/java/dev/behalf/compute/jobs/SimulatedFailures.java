package dev.behalf.compute.jobs;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Texts with which a test job fails, or takes its time, as a live job might: so that people can see
 * what their own program makes of it. A live job with such a text is a job like any other.
 */
final class SimulatedFailures {

  private static final Pattern SLOW = Pattern.compile("slow\\.(\\d{1,2})s");

  /** Less than a worker waits for an answer. */
  private static final int LONGEST_SECONDS = 15;

  private SimulatedFailures() {}

  /**
   * Comes back when the job is to be computed.
   *
   * @param isFirst whether this is the job's first attempt
   */
  static void play(JobPayload payload, boolean isFirst) {
    var text = Objects.requireNonNullElse(payload.text(), "").strip().toLowerCase(Locale.ROOT);
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
      case "time.limit" -> throw refused(ProblemCode.TIME_LIMIT, "takes longer than it may");
      case "quota.exceeded" ->
          throw refused(ProblemCode.QUOTA_EXCEEDED, "finds the quota used up")
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
