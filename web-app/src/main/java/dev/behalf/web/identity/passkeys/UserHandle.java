package dev.behalf.web.identity.passkeys;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.springframework.security.web.webauthn.api.Bytes;

/**
 * The name by which an authenticator files a user: the 16 bytes of the user's id, which say nothing
 * about the person (WebAuthn, section 14.6.1).
 */
final class UserHandle {

  private UserHandle() {}

  static Bytes of(UUID userId) {
    return new Bytes(
        ByteBuffer.allocate(Long.BYTES * 2)
            .putLong(userId.getMostSignificantBits())
            .putLong(userId.getLeastSignificantBits())
            .array());
  }

  static UUID userId(Bytes handle) {
    var bytes = ByteBuffer.wrap(handle.getBytes());
    return new UUID(bytes.getLong(), bytes.getLong());
  }
}
