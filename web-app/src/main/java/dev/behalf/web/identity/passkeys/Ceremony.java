package dev.behalf.web.identity.passkeys;

import jakarta.servlet.http.HttpSession;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a browser was asked for in a WebAuthn ceremony, kept in its session until it answers.
 *
 * @param options with the challenge to be signed
 */
record Ceremony<T extends Serializable>(T options, Instant began) implements Serializable {

  /** Longest time for an answer; the options tell the browser the same. */
  static final Duration TIMEOUT = Duration.ofMinutes(5);

  private static final String PREFIX = "behalf.passkey.";

  /** Keeps the options in the session, in the place of earlier ones of the same type. */
  void keepIn(HttpSession session) {
    session.setAttribute(PREFIX + options.getClass().getSimpleName(), this);
  }

  /**
   * Takes the options out of the session: a challenge is answered in time, and not again later. Of
   * two answers at the same instant both may be verified; both come with the session's cookie.
   */
  static <T extends Serializable> Optional<T> take(
      HttpSession session, Class<T> type, Instant now) {
    var name = PREFIX + type.getSimpleName();
    var kept = session.getAttribute(name);
    session.removeAttribute(name);
    return kept instanceof Ceremony<?> ceremony && ceremony.began.plus(TIMEOUT).isAfter(now)
        ? Optional.of(type.cast(ceremony.options))
        : Optional.empty();
  }
}
