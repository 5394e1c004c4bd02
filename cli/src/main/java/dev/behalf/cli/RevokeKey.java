package dev.behalf.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "revoke",
    description = "Revokes a key permanently; servers refuse it within a second.")
final class RevokeKey extends KeyCommand {

  @Parameters(paramLabel = "ID", description = "Id of the key.")
  String id = "";

  RevokeKey(Shell shell) {
    super(shell);
  }

  @Override
  Exit run() throws IOException {
    var key = server().keys().revoke(checked(id));
    if (json) {
      printJson(key.json());
    } else {
      terminal().print(key.id() + " is " + key.state() + ".");
    }
    return Exit.DONE;
  }
}
