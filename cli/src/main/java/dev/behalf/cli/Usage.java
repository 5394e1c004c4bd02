package dev.behalf.cli;

import dev.behalf.cli.terminal.Table;
import dev.behalf.cli.terminal.Table.Column;
import dev.behalf.client.RetryPolicy;
import java.io.IOException;
import picocli.CommandLine.Command;

@Command(
    name = "usage",
    description = "Shows this month's units: used, held for jobs under way, and left.")
final class Usage extends ServerCommand {

  Usage(Shell shell) {
    super(shell);
  }

  @Override
  Exit run() throws IOException {
    var usage = server().retrying(RetryPolicy.NEVER).usage();
    if (json) {
      printJson(usage.json());
      return Exit.DONE;
    }
    var table =
        new Table(
            Column.of("ENVIRONMENT"),
            Column.of("MONTH"),
            Column.number("USED"),
            Column.number("HELD"),
            Column.number("LEFT"),
            Column.number("LIMIT"));
    usage
        .months()
        .forEach(
            month ->
                table.row(
                    month.environment(),
                    month.period(),
                    String.valueOf(month.used()),
                    String.valueOf(month.held()),
                    String.valueOf(month.left()),
                    String.valueOf(month.limit())));
    table.print(terminal());
    return Exit.DONE;
  }
}
