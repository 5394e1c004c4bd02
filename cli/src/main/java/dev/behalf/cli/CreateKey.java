package dev.behalf.cli;

import dev.behalf.client.KeyRequest;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "create",
    description = {
      "Issues a key and prints its text, which is never shown again.",
      "It can do no more than the key that you are signed in with, and expires no later."
    })
final class CreateKey extends KeyCommand {

  @Parameters(paramLabel = "NAME", description = "Name of the key, 1 to 80 characters.")
  String name = "";

  @Option(names = "--test", description = "Issues a test key (default: as the key in use).")
  boolean test;

  @Option(
      names = "--scope",
      paramLabel = "SCOPE",
      split = ",",
      description =
          "Scopes: jobs:read, jobs:write, usage:read, keys:read, keys:write,"
              + " webhooks:read, webhooks:write (default: the first three).")
  List<String> scopes = List.of("jobs:read", "jobs:write", "usage:read");

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      description = "Expiry: " + FutureTime.FORMS + ".")
  @Nullable String expires;

  @Option(
      names = "--network",
      paramLabel = "CIDR",
      description = "Allowed IP addresses (default: any).")
  List<String> networks = List.of();

  @Option(
      names = "--daily-cap",
      paramLabel = "UNITS",
      description = "Maximum cost per day (UTC), in units.")
  @Nullable Long dailyCap;

  CreateKey(Shell shell) {
    super(shell);
  }

  @Override
  Exit run() throws IOException {
    var request = new KeyRequest(name, scopes);
    if (test) {
      request.environment("test");
    }
    if (expires != null) {
      request.expiresAt(FutureTime.parse(expires, shell.clock().instant()));
    }
    networks.forEach(request::network);
    if (dailyCap != null) {
      request.dailyCap(dailyCap);
    }
    hand(server().keys().issue(request));
    return Exit.DONE;
  }
}
