package dev.behalf.cli;

import dev.behalf.cli.terminal.Terminal;
import dev.behalf.client.Key.Issued;

/** Base of the commands that change keys. */
abstract class KeyCommand extends ServerCommand {

  KeyCommand(Shell shell) {
    super(shell);
  }

  /** Returns the id of a key, or rejects one that would need encoding in a URL path. */
  static String checked(String id) {
    if (!id.matches("[0-9A-Za-z]{1,64}")) {
      throw new WrongUsage("A key id has 1 to 64 letters and digits: see `behalf keys`.");
    }
    return id;
  }

  /**
   * Prints only the key's text (with {@code --json}, the server's answer) to standard output, and
   * the explanations to standard error.
   */
  void hand(Issued issued) {
    var key = issued.key();
    terminal()
        .tell(
            "Key %s \"%s\", %s, with scopes %s."
                .formatted(
                    key.id(),
                    Terminal.clean(key.name()),
                    key.environment(),
                    String.join(" ", key.scopes())));
    if (issued.secret() == null) {
      terminal().tell("Workers use this managed key: its text is not shown.");
    } else {
      terminal().tell("The text of the key is shown now and never again.");
    }
    if (json) {
      terminal().reveal(issued.json().toString());
    } else if (issued.secret() != null) {
      terminal().reveal(issued.secret());
    }
  }
}
