package dev.behalf.cli;

import dev.behalf.cli.api.Job;
import dev.behalf.cli.api.Repeats;
import dev.behalf.cli.terminal.Paint;
import dev.behalf.cli.terminal.Terminal;
import dev.behalf.cli.terminal.Way;
import java.io.IOException;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "job", description = "Shows a job: what was asked, its way, what came of it.")
final class ShowJob extends ServerCommand {

  @Parameters(paramLabel = "ID", description = "Of the job.")
  UUID id = new UUID(0, 0);

  ShowJob(Shell shell) {
    super(shell);
  }

  @Override
  Exit run() throws IOException {
    var job = Job.of(server().get("/api/v1/jobs/" + id, Repeats.NEVER));
    if (json) {
      printJson(job.json());
    } else {
      print(job);
    }
    return Exit.DONE;
  }

  private void print(Job job) {
    line("id", job.id());
    line("state", terminal().painted(Paint.ofState(job.state()), Terminal.clean(job.state())));
    if (job.waiting() != null) {
      line("", Sentences.of(job));
    }
    line("operation", Terminal.clean(job.operation()));
    line("environment", job.environment());
    line("priority", job.priority());
    line("text", Terminal.clean(job.text()));
    line("attempts", String.valueOf(job.attempt()));
    line("created", job.createdAt().toString());
    if (job.finishedAt() != null) {
      line("finished", job.finishedAt().toString());
    }
    if (job.units() != null) {
      line("units", String.valueOf(job.units()));
    }
    if (!Way.reason(job).isEmpty()) {
      line("reason", Way.reason(job));
    }
    new Way(terminal()).stations(job).forEach(terminal()::print);
    if (job.json().hasNonNull("result")) {
      terminal().print(job.json().required("result").toString());
    }
  }

  private void line(String name, String value) {
    terminal().print("%-12s %s".formatted(name, value));
  }
}
