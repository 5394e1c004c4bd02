package dev.behalf.cli;

import dev.behalf.cli.terminal.Table;
import dev.behalf.cli.terminal.Table.Column;
import dev.behalf.client.Batch;
import dev.behalf.client.RetryPolicy;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "batches",
    description = "Lists batches, newest first; sends files of jobs, and fetches their results.")
final class Batches extends ServerCommand {

  private static final int NAME_WIDTH = 30;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "Maximum number of batches, 1 to 100 (default: ${DEFAULT-VALUE}).")
  int limit = 20;

  Batches(Shell shell) {
    super(shell);
  }

  @Override
  Exit run() throws IOException {
    if (limit < 1 || limit > 100) {
      throw new WrongUsage("Set --limit to a number from 1 to 100.");
    }
    var batches = server().retrying(RetryPolicy.NEVER).batches().list(null, limit).batches();
    if (json) {
      batches.forEach(batch -> printJson(batch.json()));
      return Exit.DONE;
    }
    var table =
        new Table(
            Column.of("ID"),
            Column.of("NAME").atMost(NAME_WIDTH),
            Column.of("ENVIRONMENT"),
            Column.of("CREATED (UTC)"),
            Column.number("LINES"),
            Column.number("OPEN"),
            Column.of("JOBS"));
    for (var batch : batches) {
      table.row(
          batch.id().toString(),
          batch.name(),
          batch.environment(),
          ListJobs.minute(batch.createdAt()),
          String.valueOf(batch.lines()),
          String.valueOf(batch.open()),
          states(batch));
    }
    if (table.isEmpty()) {
      terminal().tell("No batches found.");
    } else {
      table.print(terminal());
    }
    return Exit.DONE;
  }

  /** Returns how many jobs are in which state, such as {@code 3 queued, 10 succeeded}. */
  static String states(Batch batch) {
    return batch.jobs().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(state -> state.getValue() + " " + state.getKey())
        .collect(Collectors.joining(", "));
  }
}
