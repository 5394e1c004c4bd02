package dev.behalf.cli;

import dev.behalf.cli.terminal.Style;
import dev.behalf.cli.terminal.Terminal;
import dev.behalf.cli.terminal.Timeline;
import dev.behalf.client.BehalfClient;
import dev.behalf.client.ConnectionException;
import dev.behalf.client.Job;
import java.time.Duration;
import java.util.Objects;

/** Polls a job until it ends, and prints each change. */
final class JobFollower {

  private static final Duration SOONEST = Duration.ofMillis(200);
  private static final Duration LATEST = Duration.ofSeconds(2);

  private final Shell shell;
  private final BehalfClient server;
  private final boolean json;
  private final Terminal terminal;
  private final Timeline way;
  private String shown = "";

  JobFollower(Shell shell, BehalfClient server, boolean json) {
    this.shell = shell;
    this.server = server;
    this.json = json;
    this.terminal = shell.terminal();
    this.way = new Timeline(terminal);
  }

  Exit toTheEnd(Job first) {
    if (!json) {
      terminal.print(
          "job "
              + first.id()
              + "  "
              + Terminal.clean(first.operation())
              + ", "
              + first.environment());
    }
    var job = first;
    var pause = SOONEST;
    show(job);
    while (!job.hasEnded()) {
      await(pause);
      var next = server.jobs().get(job.id());
      pause = isNews(job, next) ? SOONEST : longer(pause);
      job = next;
      show(job);
    }
    if (!json) {
      printEnd(job);
    }
    return job.hasSucceeded() ? Exit.DONE : Exit.FAILED;
  }

  private void await(Duration time) {
    try {
      shell.pause().sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionException("Interrupted.");
    }
  }

  private static boolean isNews(Job before, Job after) {
    return !before.state().equals(after.state()) || before.hops().size() != after.hops().size();
  }

  private static Duration longer(Duration pause) {
    var next = pause.multipliedBy(3).dividedBy(2);
    return next.compareTo(LATEST) > 0 ? LATEST : next;
  }

  private void show(Job job) {
    var now = json ? job.json().toString() : JobDescription.of(job);
    var changed = !now.equals(shown);
    shown = now;
    if (json) {
      if (changed) {
        terminal.print(now);
      }
      return;
    }
    way.news(job).forEach(terminal::print);
    if (job.hasEnded()) {
      return;
    }
    if (terminal.isLive()) {
      var waited = Duration.between(job.createdAt(), shell.clock().instant());
      terminal.status("◌ " + now + " · " + Timeline.text(waited));
    } else if (changed && job.waiting() != null) {
      terminal.print("◌ " + now);
    }
  }

  private void printEnd(Job job) {
    var time =
        Duration.between(
            job.createdAt(), Objects.requireNonNullElse(job.finishedAt(), job.createdAt()));
    var units =
        job.units() == null ? "" : ", " + job.units() + (job.units() == 1 ? " unit" : " units");
    var why = Timeline.reason(job);
    terminal.print(
        terminal.painted(
            Style.ofState(job.state()),
            (job.hasSucceeded() ? "✓ " : "✕ ")
                + job.state()
                + " after "
                + Timeline.text(time)
                + units
                + (why.isEmpty() ? "" : ": " + why)));
    if (job.result() != null) {
      terminal.print(job.result().toString());
    }
  }
}
