package dev.behalf.cli;

import java.io.IOException;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "results",
    description =
        "Prints what became of each line of a batch, in the format and the order of its file.")
final class BatchResults extends BatchCommand {

  @Parameters(paramLabel = "ID", description = "Id of the batch.")
  UUID id = new UUID(0, 0);

  BatchResults(Shell shell) {
    super(shell);
  }

  @Override
  Exit run() throws IOException {
    server().batches().download(id, shell.out());
    if (shell.out().checkError()) {
      throw new IOException("The results could not be written.");
    }
    return Exit.DONE;
  }
}
