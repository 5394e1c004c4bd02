package dev.behalf.cli;

import java.io.IOException;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Shows a batch: its progress and its invalid lines.")
final class ShowBatch extends BatchCommand {

  @Parameters(paramLabel = "ID", description = "Id of the batch.")
  UUID id = new UUID(0, 0);

  @Option(
      names = "--watch",
      description = "Waits until all its jobs have ended; exit code 1 if one has not succeeded.")
  boolean watch;

  ShowBatch(Shell shell) {
    super(shell);
  }

  @Override
  Exit run() throws IOException {
    if (watch) {
      return followed(id);
    }
    show(server().batches().get(id));
    return Exit.DONE;
  }
}
