package dev.behalf.server.apikeys;

import dev.behalf.contract.Environment;
import dev.behalf.contract.WireName;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What became of one presented key. */
public sealed interface KeyCheck {

  /**
   * Hears of each check, in the thread of its request. A plain call: as an application event it was
   * a twelfth of all that a request costs.
   */
  interface Listener {
    void heard(KeyCheck check);
  }

  Client client();

  /** Where a request with a key came from. */
  record Client(String address, String userAgent) {}

  record Accepted(KeyHolder holder, Client client) implements KeyCheck {}

  /**
   * The key opens nothing.
   *
   * @param environment and keyId as the key itself says, where it has the right shape
   * @param userId whose it is, where key and secret are right
   */
  record Refused(
      Reason reason,
      @Nullable Environment environment,
      @Nullable String keyId,
      @Nullable UUID userId,
      Client client)
      implements KeyCheck {}

  /**
   * Why a key is refused: for the operator and, where the secret is right, for the owner. The
   * sender hears the same sentence for all but the shape and the address.
   */
  enum Reason implements WireName {
    MALFORMED,
    UNKNOWN,
    WRONG_SECRET,
    EXPIRED,
    DISABLED,
    /** Its successor has taken over, and the overlap is over. */
    ROTATED,
    REVOKED,
    ADDRESS;
  }
}
