package dev.behalf.operation;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** What computes an operation. */
public sealed interface Engine {

  /**
   * An engine of compute-server.
   *
   * @param slot whether a run occupies a compute slot; without, it costs next to nothing
   */
  record Builtin(String name, boolean slot) implements Engine {}

  /**
   * A server of the operator's own, called by HTTP: see docs/engines.md.
   *
   * @param secret the name of the secret that signs the calls; null for unsigned calls
   * @param audience whom the engine may show the token that says whose work it is; null for no
   *     token
   */
  record Http(URI address, @Nullable String secret, @Nullable String audience) implements Engine {

    /** Returns the server, by which its health is known: scheme, host and port. */
    public String server() {
      return address.getScheme() + "://" + address.getRawAuthority();
    }
  }
}
