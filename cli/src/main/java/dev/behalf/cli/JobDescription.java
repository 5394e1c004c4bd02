package dev.behalf.cli;

import dev.behalf.cli.api.Job;
import dev.behalf.cli.terminal.Terminal;

/** Describes what a job is doing now, or why it waits. */
final class JobDescription {

  private JobDescription() {}

  static String of(Job job) {
    var waiting = job.waiting();
    if (waiting == null) {
      return Terminal.clean(job.state().equals("dispatched") ? "being worked on" : job.state());
    }
    return switch (waiting.reason()) {
      case "turn" ->
          waiting.ahead() == 0
              ? "waits for its turn"
              : "waits for its turn, " + waiting.ahead() + " of yours ahead";
      case "cap" -> "waits: as many of your jobs are being worked on as may be at once";
      case "not_before" -> "put off" + until(waiting);
      case "compute_down" -> "compute-server could not do it just now; tried again" + at(waiting);
      case "quota" -> "your units of this month are used up: it will fail when its turn comes";
      case "paused" -> "paused by you";
      case "paused_by_operator" -> "paused by an operator";
      default -> "waits: " + Terminal.clean(waiting.reason());
    };
  }

  private static String until(Job.Waiting waiting) {
    return waiting.until() == null ? "" : " until " + waiting.until();
  }

  private static String at(Job.Waiting waiting) {
    return waiting.until() == null ? " soon" : " at " + waiting.until();
  }
}
