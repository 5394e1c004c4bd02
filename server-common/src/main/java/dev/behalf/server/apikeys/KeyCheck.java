package dev.behalf.server.apikeys;

import dev.behalf.contract.Environment;
import dev.behalf.contract.WireName;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The outcome of checking one presented key. */
public sealed interface KeyCheck {

  /**
   * Receives the outcome of each check, in the thread of its request. This is a plain call because
   * an application event took a twelfth of the cost of a request.
   */
  interface Listener {
    void heard(KeyCheck check);
  }

  Client client();

  /** The address and user agent of a request with a key. */
  record Client(String address, String userAgent) {}

  record Accepted(KeyHolder holder, Client client) implements KeyCheck {}

  /**
   * The key is refused.
   *
   * @param environment the environment of the key; null if the key is malformed, or unknown and
   *     without an environment
   * @param keyId the id in the key; null if the key is malformed
   * @param userId the owner of the key; null unless the secret is right
   */
  record Refused(
      Reason reason,
      @Nullable Environment environment,
      @Nullable String keyId,
      @Nullable UUID userId,
      Client client)
      implements KeyCheck {}

  /**
   * The reason for a refusal: operators see it, and so does the owner if the secret was right. The
   * client gets a separate message only for {@code MALFORMED} and {@code ADDRESS}, and one shared
   * message for all other reasons.
   */
  enum Reason implements WireName {
    MALFORMED,
    UNKNOWN,
    WRONG_SECRET,
    EXPIRED,
    DISABLED,
    /** The key was rotated, and its grace period is over. */
    ROTATED,
    REVOKED,
    ADDRESS;
  }
}
