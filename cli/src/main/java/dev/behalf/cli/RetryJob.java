package dev.behalf.cli;

import dev.behalf.cli.api.RetryPolicy;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "retry",
    description = {
      "Does a failed or cancelled job again, as a new job, and prints the new id.",
      "However often it is asked for, the job is done again once."
    })
final class RetryJob extends ServerCommand {

  @Parameters(paramLabel = "ID", description = "Of the job that failed or was cancelled.")
  UUID id = new UUID(0, 0);

  @Option(
      names = "--watch",
      description = "Follows the new job to its end, as `behalf watch` does.")
  boolean watch;

  RetryJob(Shell shell) {
    super(shell);
  }

  @Override
  Exit run() throws IOException {
    var server = server();
    var answer =
        server.post("/api/v1/jobs/" + id + "/retry", new byte[0], Map.of(), RetryPolicy.SAFELY);
    if (answer.replayed()) {
      terminal().tell("It was done again before: this is that job.");
    }
    return queued(server, answer, watch);
  }
}
