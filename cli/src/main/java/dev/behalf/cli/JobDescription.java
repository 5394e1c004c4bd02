package dev.behalf.cli;

import dev.behalf.cli.terminal.Terminal;
import dev.behalf.client.Job;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.StrictJson;

/** Describes what a job is doing now, or why it waits. */
final class JobDescription {

  private JobDescription() {}

  static String of(Job job) {
    var waiting = job.waiting();
    if (waiting == null) {
      return Terminal.clean(job.state().equals("running") ? "in progress" : job.state());
    }
    return switch (waiting.reason()) {
      case "turn" ->
          waiting.ahead() == 0
              ? "waits for its turn"
              : "waits for its turn, " + waiting.ahead() + " of your jobs ahead";
      case "cap" -> "waits: your limit of jobs in flight is reached";
      case "places" -> "waits: all places of the operation are taken by jobs that are running";
      case "not_before" -> "delayed" + until(waiting);
      case "compute_down" -> "waits: compute-server was unavailable; retry" + at(waiting);
      case "engine" -> "waits: the engine of the operation cannot be reached at present";
      case "quota" -> "your units for this month are used up: the job will fail at its turn";
      case "paused" -> "paused by you";
      case "paused_by_operator" -> "paused by an operator";
      default -> "waits: " + Terminal.clean(waiting.reason());
    };
  }

  /** Returns the first text of the input, or an empty string if it has none. */
  static String text(Job job) {
    return StrictJson.MAPPER.treeToValue(job.payload(), JobPayload.class).firstText().orElse("");
  }

  private static String until(Job.Waiting waiting) {
    return waiting.until() == null ? "" : " until " + waiting.until();
  }

  private static String at(Job.Waiting waiting) {
    return waiting.until() == null ? " soon" : " at " + waiting.until();
  }
}
