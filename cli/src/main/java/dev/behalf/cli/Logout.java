package dev.behalf.cli;

import dev.behalf.cli.profile.Credentials;
import java.io.IOException;
import picocli.CommandLine.Command;

@Command(
    name = "logout",
    description = "Deletes the saved key, which stays valid until `behalf keys revoke`.")
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
        .tell(removed ? "Deleted " + credentials.profiles().file(name) + "." : "No key was saved.");
    if (credentials.hasKeyOfEnvironment()) {
      terminal().tell("behalf: warning: " + Credentials.KEY + " is set and remains in use.");
    }
    return Exit.DONE;
  }
}
