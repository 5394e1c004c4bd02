package dev.behalf.cli;

import dev.behalf.cli.profile.Credentials;
import dev.behalf.cli.profile.NotSignedIn;
import dev.behalf.cli.profile.SignIn;
import dev.behalf.client.RetryPolicy;
import dev.behalf.client.ServerAddress;
import dev.behalf.contract.ApiKeyFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "login",
    description = {
      "Signs in with an API key, and saves it in a file that only you can read.",
      "The key is read from standard input, without echo on a terminal; it is never an argument."
          + " BEHALF_API_KEY and BEHALF_SERVER take precedence over the saved values."
    })
final class Login extends ServerCommand {

  private static final int MOST_BYTES = 4096;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "Server address (default: BEHALF_SERVER, or what `behalf up` started here).")
  @Nullable String server;

  Login(Shell shell) {
    super(shell);
  }

  @Override
  Exit run() throws IOException {
    var address = address();
    warnWhereExposed(address);
    var signIn = new SignIn(address, key());
    refuseMistyped(signIn.key());
    var me = server(signIn).retrying(RetryPolicy.NEVER).me();
    var name = credentials().profileName(profile);
    var file = credentials().profiles().save(name, signIn);
    if (json) {
      printJson(me.json());
    } else {
      terminal()
          .print(
              "Signed in to %s as user %s, with the %s %s."
                  .formatted(
                      address,
                      me.userId(),
                      Objects.requireNonNullElse(me.environment(), "live and test"),
                      me.credential()));
      terminal().print("Scopes: " + String.join(" ", me.scopes()));
    }
    terminal().tell("Saved in " + file + ".");
    if (credentials().hasKeyOfEnvironment()) {
      terminal()
          .tell("behalf: warning: " + Credentials.KEY + " is set and takes precedence over it.");
    }
    return Exit.DONE;
  }

  private ServerAddress address() throws IOException {
    if (server != null) {
      return ServerAddress.parse(server);
    }
    var other = credentials().serverOfEnvironment();
    if (other.isEmpty()) {
      other = credentials().runningHere();
    }
    return other.orElseThrow(
        () ->
            new WrongUsage(
                "Nothing is running here: name a server with --server https://…, or start"
                    + " one with `behalf up`."));
  }

  private String key() throws IOException {
    var typed = shell.inputIsTyped() ? shell.typed().get() : piped();
    return typed
        .map(String::strip)
        .filter(key -> !key.isEmpty())
        .orElseThrow(
            () ->
                new NotSignedIn(
                    shell.inputIsTyped()
                        ? "No key was entered. If this terminal cannot hide it, use"
                            + " `behalf login < FILE`."
                        : "Standard input contains no key."));
  }

  private Optional<String> piped() throws IOException {
    return Optional.of(new String(shell.in().readNBytes(MOST_BYTES), StandardCharsets.UTF_8));
  }

  /** Rejects a mistyped key by its checksum, before anything is sent. */
  private static void refuseMistyped(String key) {
    if (key.startsWith("bh_") && ApiKeyFormat.parse(key).isEmpty()) {
      throw new NotSignedIn("The key is mistyped or incomplete: its checksum does not match.");
    }
  }
}
