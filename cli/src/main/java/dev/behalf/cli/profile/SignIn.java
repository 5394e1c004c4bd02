package dev.behalf.cli.profile;

import dev.behalf.client.ServerAddress;

/** A server and the key for it. */
public record SignIn(ServerAddress server, String key) {

  @Override
  public String toString() {
    return "a key for " + server;
  }
}
