package dev.behalf.cli;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "rotate",
    description = {
      "Issues a successor with the same permissions, and prints its text; the old key keeps working"
          + " for a grace period.",
      "To rotate the key that you are signed in with: `behalf keys rotate ID | behalf login`."
    })
final class RotateKey extends KeyCommand {

  @Parameters(paramLabel = "ID", description = "Id of the key.")
  String id = "";

  @Option(
      names = "--overlap",
      paramLabel = "TIME",
      defaultValue = "24h",
      description =
          "Grace period of the old key: now, 15m, 1h, 24h, 7d or until_silent"
              + " (default: ${DEFAULT-VALUE}).")
  String overlap = "24h";

  @Option(
      names = "--silent-for",
      paramLabel = "TIME",
      description = "With until_silent: time without use, 15m, 1h, 24h or 7d.")
  @Nullable String silentFor;

  RotateKey(Shell shell) {
    super(shell);
  }

  @Override
  Exit run() throws IOException {
    var issued = server().keys().rotate(checked(id), overlap, silentFor);
    hand(issued);
    var old = Objects.requireNonNull(issued.replaced());
    terminal().tell("The old key " + old.id() + " is " + old.state() + ".");
    return Exit.DONE;
  }
}
