package dev.behalf.cli;

import dev.behalf.cli.profile.Credentials;
import java.io.IOException;
import picocli.CommandLine.Command;

@Command(
    name = "logout",
    description = "Removes the saved key. The key itself goes on: `behalf keys revoke` ends it.")
final class Logout extends ServerCommand {

  Logout(Shell shell) {
    super(shell);
  }

  @Override
  Exit run() throws IOException {
    var credentials = credentials();
    var name = credentials.profileName(profile);
    var removed = credentials.profiles().remove(name);
    terminal()
        .tell(
            removed ? "Removed " + credentials.profiles().file(name) + "." : "Nothing was saved.");
    if (credentials.hasKeyOfEnvironment()) {
      terminal().tell("behalf: warning: " + Credentials.KEY + " is set and goes on.");
    }
    return Exit.DONE;
  }
}
