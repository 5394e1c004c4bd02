package dev.behalf.cli;

import dev.behalf.cli.api.Key;
import dev.behalf.contract.StrictJson;
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
    var answer = move("/" + checked(id) + "/revocation", StrictJson.MAPPER.createObjectNode());
    var key = Key.of(answer.json());
    if (json) {
      printJson(key.json());
    } else {
      terminal().print(key.id() + " is " + key.state() + ".");
    }
    return Exit.DONE;
  }
}
