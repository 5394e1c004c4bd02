package dev.behalf.cli;

import dev.behalf.cli.terminal.Table;
import dev.behalf.cli.terminal.Table.Column;
import dev.behalf.client.RetryPolicy;
import java.io.IOException;
import picocli.CommandLine.Command;

@Command(
    name = "keys",
    description = "Lists the keys that your key can see; issues, rotates and revokes keys.")
final class Keys extends ServerCommand {

  private static final int NAME_WIDTH = 30;

  Keys(Shell shell) {
    super(shell);
  }

  @Override
  Exit run() throws IOException {
    var keys = server().retrying(RetryPolicy.NEVER).keys().list();
    if (json) {
      keys.forEach(key -> printJson(key.json()));
      return Exit.DONE;
    }
    var table =
        new Table(
            Column.of("ID"),
            Column.of("NAME").atMost(NAME_WIDTH),
            Column.of("KIND"),
            Column.of("ENVIRONMENT"),
            Column.state("STATE"),
            Column.of("EXPIRES (UTC)"),
            Column.of("LAST USED (UTC)"),
            Column.of("SCOPES"));
    for (var key : keys) {
      table.row(
          key.id(),
          key.name(),
          key.kind(),
          key.environment(),
          key.state(),
          ListJobs.minute(key.expiresAt()),
          ListJobs.minute(key.lastUsed()),
          String.join(" ", key.scopes()));
    }
    table.print(terminal());
    return Exit.DONE;
  }
}
