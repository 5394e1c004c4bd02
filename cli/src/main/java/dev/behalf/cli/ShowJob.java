package dev.behalf.cli;

import dev.behalf.cli.terminal.Style;
import dev.behalf.cli.terminal.Terminal;
import dev.behalf.cli.terminal.Timeline;
import dev.behalf.client.Job;
import dev.behalf.client.RetryPolicy;
import java.io.IOException;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "job", description = "Shows a job: its input, timeline and result.")
final class ShowJob extends ServerCommand {

  @Parameters(paramLabel = "ID", description = "Id of the job.")
  UUID id = new UUID(0, 0);

  ShowJob(Shell shell) {
    super(shell);
  }

  @Override
  Exit run() throws IOException {
    var job = server().retrying(RetryPolicy.NEVER).jobs().get(id);
    if (json) {
      printJson(job.json());
    } else {
      print(job);
    }
    return Exit.DONE;
  }

  private void print(Job job) {
    line("id", job.id().toString());
    line("state", terminal().painted(Style.ofState(job.state()), Terminal.clean(job.state())));
    if (job.waiting() != null) {
      line("", JobDescription.of(job));
    }
    line("operation", Terminal.clean(job.operation()));
    line("environment", job.environment());
    line("priority", job.priority());
    line("text", Terminal.clean(JobDescription.text(job)));
    line("attempts", String.valueOf(job.attempt()));
    line("created", job.createdAt().toString());
    if (job.finishedAt() != null) {
      line("finished", job.finishedAt().toString());
    }
    if (job.units() != null) {
      line("units", String.valueOf(job.units()));
    }
    if (!Timeline.reason(job).isEmpty()) {
      line("reason", Timeline.reason(job));
    }
    new Timeline(terminal()).stations(job).forEach(terminal()::print);
    if (job.result() != null) {
      terminal().print(job.result().toString());
    }
  }

  private void line(String name, String value) {
    terminal().print("%-12s %s".formatted(name, value));
  }
}
