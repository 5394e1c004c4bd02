package dev.behalf.cli.profile;

import dev.behalf.cli.api.ServerAddress;

/** A server and the key for it. */
public record SignIn(ServerAddress server, String key) {

  /**
   * What cannot stand in a header is no key, whoever made it.
   *
   * @throws IllegalArgumentException with a sentence that does not repeat it
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
