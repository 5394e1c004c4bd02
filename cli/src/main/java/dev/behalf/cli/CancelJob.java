package dev.behalf.cli;

import dev.behalf.cli.terminal.Terminal;
import java.io.IOException;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "cancel",
    description = "Cancels a queued or running job without a charge; safe to repeat.")
final class CancelJob extends ServerCommand {

  @Parameters(paramLabel = "ID", description = "Id of the job.")
  UUID id = new UUID(0, 0);

  CancelJob(Shell shell) {
    super(shell);
  }

  @Override
  Exit run() throws IOException {
    var job = server().jobs().cancel(id);
    if (json) {
      printJson(job.json());
    } else {
      terminal().print(job.id() + " is " + Terminal.clean(job.state()) + ".");
    }
    return Exit.DONE;
  }
}
