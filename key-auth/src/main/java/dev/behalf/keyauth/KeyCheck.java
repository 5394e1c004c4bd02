package dev.behalf.keyauth;

import dev.behalf.contract.Environment;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What became of one presented key. Published as an application event, for figures and logs. */
public sealed interface KeyCheck {

  record Accepted(KeyHolder holder) implements KeyCheck {}

  /**
   * The key opens nothing.
   *
   * @param environment and keyId as the key itself says, where it has the right shape
   */
  record Refused(Reason reason, @Nullable Environment environment, @Nullable String keyId)
      implements KeyCheck {}

  /**
   * Why a key is refused: for the operator. The sender hears the same sentence for all but the
   * shape.
   */
  enum Reason {
    MALFORMED,
    UNKNOWN,
    WRONG_SECRET,
    EXPIRED,
    DISABLED,
    REVOKED;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
