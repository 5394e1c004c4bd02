package dev.behalf.cli.profile;

import dev.behalf.client.ServerAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the server and the key for a command: in environment variables first, then in the saved
 * profile.
 */
public final class Credentials {

  public static final String KEY = "BEHALF_API_KEY";
  public static final String SERVER = "BEHALF_SERVER";
  private static final String PROFILE = "BEHALF_PROFILE";

  private final Map<String, String> variables;
  private final Profiles profiles;
  private final Path data;

  public Credentials(Map<String, String> variables, Path data) {
    this.variables = variables;
    this.profiles = Profiles.of(variables);
    this.data = data;
  }

  public Profiles profiles() {
    return profiles;
  }

  public String profileName(@Nullable String asked) {
    return asked != null ? asked : variable(PROFILE).orElse(Profiles.DEFAULT);
  }

  public Optional<ServerAddress> serverOfEnvironment() {
    return variable(SERVER).map(ServerAddress::parse);
  }

  public Optional<ServerAddress> runningHere() throws IOException {
    return RunningHere.address(data);
  }

  public boolean hasKeyOfEnvironment() {
    return variable(KEY).isPresent();
  }

  /**
   * Returns the server and key for a profile.
   *
   * @throws NotSignedIn if there are none; the message says what to do
   */
  public SignIn find(@Nullable String asked) throws IOException {
    var name = profileName(asked);
    var key = variable(KEY);
    return key.isPresent() ? ofEnvironment(key.get(), name) : saved(name);
  }

  private SignIn ofEnvironment(String key, String name) throws IOException {
    var server = serverOfEnvironment();
    if (server.isEmpty()) {
      server = profiles.read(name).map(SignIn::server);
    }
    if (server.isEmpty()) {
      server = runningHere();
    }
    return new SignIn(
        server.orElseThrow(
            () ->
                new NotSignedIn(
                    KEY + " is set without a server: set " + SERVER + " to its address.")),
        key);
  }

  /** Returns the saved sign-in. Its key is sent only to the server that it was saved for. */
  private SignIn saved(String name) throws IOException {
    var saved =
        profiles
            .read(name)
            .orElseThrow(
                () ->
                    new NotSignedIn(
                        (name.equals(Profiles.DEFAULT)
                                ? "You are not signed in"
                                : "You are not signed in with the profile \"" + name + "\"")
                            + ": use `behalf login`, or set "
                            + KEY
                            + "."));
    var server = serverOfEnvironment();
    if (server.isPresent() && !server.get().equals(saved.server())) {
      throw new NotSignedIn(
          "The saved key is for "
              + saved.server()
              + ", but "
              + SERVER
              + " is "
              + server.get()
              + ": sign in there with `behalf login`, or set "
              + KEY
              + ".");
    }
    return saved;
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name))
        .map(String::strip)
        .filter(value -> !value.isEmpty());
  }
}
