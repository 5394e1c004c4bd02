package dev.behalf.cli;

import dev.behalf.cli.terminal.Terminal;
import dev.behalf.client.BehalfClient;
import dev.behalf.client.Job;
import dev.behalf.client.JobEvent;
import dev.behalf.contract.StrictJson;
import java.util.Map;
import java.util.UUID;

/**
 * Prints what the engine of a job says while it works: its output to standard output, as it comes,
 * and all else to standard error.
 */
final class OutputFollower {

  private final BehalfClient server;
  private final boolean json;
  private final Terminal terminal;
  private boolean hasOutput;

  OutputFollower(Shell shell, BehalfClient server, boolean json) {
    this.server = server;
    this.json = json;
    this.terminal = shell.terminal();
  }

  Exit toTheEnd(UUID id) {
    server.jobs().streamUntil(id, this::show);
    var job = server.jobs().get(id);
    if (json) {
      terminal.print(job.json().toString());
    } else {
      printEnd(job);
    }
    return job.hasSucceeded() ? Exit.DONE : Exit.FAILED;
  }

  private boolean show(JobEvent event) {
    if (json) {
      terminal.print(
          StrictJson.text(Map.of("id", event.id(), "event", event.name(), "data", event.data())));
      return event.name().equals("end");
    }
    var data = event.data();
    switch (event.name()) {
      case "output" -> {
        terminal.append(data.path("delta").asString(""));
        hasOutput = true;
      }
      case "progress" -> terminal.status("◌ " + progress(event));
      case "log" -> terminal.tell("· " + data.path("message").asString(""));
      case "restart" -> {
        terminal.endLine();
        terminal.tell("behalf: The work begins anew; disregard the output so far.");
      }
      case "truncated" ->
          terminal.tell("behalf: More is said than is kept; the result has it all.");
      default -> {}
    }
    return event.name().equals("end");
  }

  private static String progress(JobEvent event) {
    var percent =
        event.data().path("fraction").isNumber()
            ? Math.round(100 * event.data().path("fraction").asDouble()) + " % "
            : "";
    return percent + event.data().path("message").asString("");
  }

  private void printEnd(Job job) {
    terminal.endLine();
    if (!hasOutput && job.json().hasNonNull("result")) {
      terminal.print(job.json().required("result").toString());
    }
    var units =
        job.units() == null ? "" : ", " + job.units() + (job.units() == 1 ? " unit" : " units");
    var detail = job.json().path("detail").asString("");
    terminal.tell(job.state() + units + (detail.isEmpty() ? "" : ": " + detail));
  }
}
