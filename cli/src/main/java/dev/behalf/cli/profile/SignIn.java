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
          "Invalid key: a key has up to 512 printable ASCII characters and no spaces.");
    }
  }

  @Override
  public String toString() {
    return "a key for " + server;
  }
}
