package dev.behalf.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What a request proves itself with. */
sealed interface Credential {

  /** Returns the value of the header {@code Authorization}. */
  String authorization(Transport transport);

  /** Asks the server whether it accepts the credential. */
  void verify(Transport transport);

  /**
   * Returns whether there is another credential than the one that was refused.
   *
   * @param used the value of the header that was sent
   */
  default boolean isRenewed(ProblemException refusal, String used) {
    return false;
  }

  /** An API key of one user. */
  record ApiKey(String key) implements Credential {

    /**
     * Rejects a text that an HTTP header cannot carry: no format of key contains such a text.
     *
     * @throws IllegalArgumentException with a message that does not repeat the text
     */
    public ApiKey {
      if (!key.matches("[!-~]{1,512}")) {
        throw new IllegalArgumentException(
            "Invalid key: a key has up to 512 printable ASCII characters and no spaces.");
      }
    }

    @Override
    public String authorization(Transport transport) {
      return "Api-Key " + key;
    }

    @Override
    public void verify(Transport transport) {
      transport.get("/api/v1/me", Me::of);
    }

    @Override
    public String toString() {
      return "an API key";
    }
  }

  /** A platform, with tokens of ten minutes (OAuth 2, client credentials). */
  final class Platform implements Credential {

    /** A token is replaced so long before its end: a request under way must not lose it. */
    private static final Duration EARLY = Duration.ofSeconds(30);

    private final String clientId;
    private final String secret;
    private final ReentrantLock renewal = new ReentrantLock();
    private volatile @Nullable Token token;

    /**
     * A token.
     *
     * @param until when it is replaced
     */
    private record Token(String authorization, Instant until) {}

    Platform(String clientId, String secret) {
      this.clientId = clientId;
      this.secret = secret;
    }

    @Override
    public String authorization(Transport transport) {
      var current = token;
      if (current != null && transport.now().isBefore(current.until())) {
        return current.authorization();
      }
      try {
        renewal.lockInterruptibly();
      } catch (InterruptedException e) {
        throw Transport.interrupted();
      }
      try {
        return renewed(transport).authorization();
      } finally {
        renewal.unlock();
      }
    }

    private Token renewed(Transport transport) {
      var current = token;
      if (current != null && transport.now().isBefore(current.until())) {
        return current;
      }
      var now = transport.now();
      var answer = transport.token(basic());
      var next =
          new Token(
              "Bearer " + answer.required("access_token").asString(),
              now.plusSeconds(answer.path("expires_in").asLong(0)).minus(EARLY));
      token = next;
      return next;
    }

    @Override
    public boolean isRenewed(ProblemException refusal, String used) {
      if (!refusal.code().equals("token_invalid")) {
        return false;
      }
      var current = token;
      if (current != null && current.authorization().equals(used)) {
        token = null;
      }
      return true;
    }

    @Override
    public void verify(Transport transport) {
      transport.token(basic());
    }

    /** RFC 6749, section 2.3.1; ids and secrets of Behalf need no form encoding. */
    private String basic() {
      var both = (clientId + ":" + secret).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(both);
    }

    @Override
    public String toString() {
      return "platform " + clientId;
    }
  }
}
