package dev.behalf.server.apikeys;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.apikeys.KeyCheck.Accepted;
import dev.behalf.server.apikeys.KeyCheck.Refused;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.HttpTolerance;
import dev.behalf.server.security.RequestPrincipal;
import dev.behalf.server.security.SchemeFilter;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/** Authenticates {@code Authorization: Api-Key <KEY>} as the user of the key. */
public final class ApiKeyAuthenticator implements SchemeFilter.Authenticator {

  public static final String SCHEME = "Api-Key";

  /** The request attribute that holds the {@link KeyCheck} of a request with a key. */
  public static final String CHECK = KeyCheck.class.getName();

  private final ApiKeys keys;
  private final List<KeyCheck.Listener> listeners;

  public ApiKeyAuthenticator(ApiKeys keys, List<KeyCheck.Listener> listeners) {
    this.keys = keys;
    this.listeners = listeners;
  }

  @Override
  public RequestPrincipal authenticate(String key, HttpServletRequest request) {
    var check = keys.check(key, client(request));
    request.setAttribute(CHECK, check);
    for (var listener : listeners) {
      listener.heard(check);
    }
    return switch (check) {
      case Accepted accepted -> accepted.holder();
      case Refused refused -> throw refusal(refused);
    };
  }

  /**
   * Returns the address and user agent of the client. Forwarded addresses count only if a trusted
   * proxy sent them.
   */
  public static KeyCheck.Client client(HttpServletRequest request) {
    return new KeyCheck.Client(
        request.getRemoteAddr(), HttpTolerance.text(request.getHeader("User-Agent")));
  }

  private static Problem refusal(Refused refused) {
    return switch (refused.reason()) {
      case MALFORMED ->
          new Problem(
              ProblemCode.KEY_INVALID, "The key is mistyped or cut off: its checksum is wrong.");
      case ADDRESS ->
          new Problem(
              ProblemCode.ADDRESS_REFUSED,
              "The key does not allow %s: add the address to the key, or call from an allowed address."
                  .formatted(refused.client().address()));
      case UNKNOWN, WRONG_SECRET, EXPIRED, DISABLED, ROTATED, REVOKED ->
          new Problem(
              ProblemCode.KEY_INVALID,
              "The key is unknown, expired, disabled or revoked: use an active key.");
    };
  }
}
