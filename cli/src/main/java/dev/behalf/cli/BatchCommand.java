package dev.behalf.cli;

import dev.behalf.cli.terminal.Terminal;
import dev.behalf.client.Batch;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeoutException;

/** Base of the commands about one batch. */
abstract class BatchCommand extends ServerCommand {

  /** Longest time that a batch is followed. */
  private static final Duration LONGEST = Duration.ofDays(7);

  BatchCommand(Shell shell) {
    super(shell);
  }

  /** Waits for the end of all jobs; whether each has succeeded is the exit code. */
  Exit followed(UUID id) throws IOException {
    try {
      var batch = server().batches().await(id, LONGEST);
      show(batch);
      var succeeded = batch.jobs().getOrDefault("succeeded", 0L);
      return succeeded == batch.lines() ? Exit.DONE : Exit.FAILED;
    } catch (TimeoutException tooLong) {
      throw new WrongUsage(String.valueOf(tooLong.getMessage()));
    }
  }

  void show(Batch batch) {
    if (json) {
      printJson(batch.json());
      return;
    }
    line("id", batch.id().toString());
    line("name", Terminal.clean(batch.name()));
    line("environment", batch.environment());
    line("lines", batch.lines() + (batch.isComplete() ? "" : ", the file was not read to its end"));
    line("jobs", Batches.states(batch));
    line("created", batch.createdAt().toString());
    if (batch.completedAt() != null) {
      line("completed", batch.completedAt().toString());
    }
    for (var invalid : batch.invalidLines()) {
      terminal().tell("line " + invalid.line() + ": " + Terminal.clean(invalid.fault()));
    }
  }

  private void line(String name, String value) {
    terminal().print("%-12s %s".formatted(name, value));
  }
}
