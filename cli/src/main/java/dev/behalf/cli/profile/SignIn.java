package dev.behalf.cli.profile;

import dev.behalf.cli.api.ServerAddress;

/** A server and the key for it. */
public record SignIn(ServerAddress server, String key) {

  /**
   * Rejects a text that an HTTP header cannot carry: no format of key contains such a text.
   *
   * @throws IllegalArgumentException with a message that does not repeat the text
   */
  public SignIn {
    if (!key.matches("[!-~]{1,512}")) {
      throw new IllegalArgumentException(
          "A key has no spaces and nothing but letters, digits and signs of ASCII.");
    }
  }

  @Override
  public String toString() {
    return "a key for " + server;
  }
}
