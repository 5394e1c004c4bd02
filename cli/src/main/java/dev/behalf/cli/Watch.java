package dev.behalf.cli;

import java.io.IOException;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "watch",
    description = {
      "Follows a job until it ends: each step with its time (UTC) and the time since the last step,"
          + " each attempt, and the result on the last line.",
      "With --json: one line for each change, the ended job last."
    })
final class Watch extends ServerCommand {

  @Parameters(paramLabel = "ID", description = "Id of the job.")
  UUID id = new UUID(0, 0);

  Watch(Shell shell) {
    super(shell);
  }

  @Override
  Exit run() throws IOException {
    var server = server();
    var job = server.jobs().get(id);
    return new JobFollower(shell, server, json).toTheEnd(job);
  }
}
