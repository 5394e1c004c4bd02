package dev.behalf.cli;

import java.io.IOException;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "retry",
    description = {
      "Retries a failed or cancelled job as a new job, and prints the new id.",
      "A job is retried only once, even if the command is repeated."
    })
final class RetryJob extends ServerCommand {

  @Parameters(paramLabel = "ID", description = "Id of the failed or cancelled job.")
  UUID id = new UUID(0, 0);

  @Option(names = "--watch", description = "Follows the new job like `behalf watch`.")
  boolean watch;

  RetryJob(Shell shell) {
    super(shell);
  }

  @Override
  Exit run() throws IOException {
    var server = server();
    var submitted = server.jobs().retry(id);
    if (submitted.isReplayed()) {
      terminal().tell("The job was retried before: this is its retry.");
    }
    return queued(server, submitted, watch);
  }
}
