package dev.behalf.cli;

import java.io.IOException;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "cancel",
    description = "Cancels the jobs of a batch that are open, in the background; safe to repeat.")
final class CancelBatch extends BatchCommand {

  @Parameters(paramLabel = "ID", description = "Id of the batch.")
  UUID id = new UUID(0, 0);

  CancelBatch(Shell shell) {
    super(shell);
  }

  @Override
  Exit run() throws IOException {
    server().batches().cancel(id);
    if (!json) {
      terminal().print("The open jobs of " + id + " are being cancelled.");
    }
    return Exit.DONE;
  }
}
