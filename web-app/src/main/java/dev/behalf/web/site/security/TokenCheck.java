package dev.behalf.web.site.security;

import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.RequestPrincipal;
import dev.behalf.server.security.SchemeFilter;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates {@code Authorization: Bearer <TOKEN>}, from the token to its principal; a port of
 * the bearer scheme.
 */
public interface TokenCheck extends SchemeFilter.Authenticator {

  /**
   * A token as a request presents it; its text appears in no message.
   *
   * @param onBehalfOf the platform's user for whom the request is made; null if it names none
   */
  record Presented(String text, @Nullable String onBehalfOf) {
    @Override
    public String toString() {
      return "token";
    }
  }

  /**
   * Returns the principal of a token.
   *
   * @throws Problem if the token is malformed, expired or revoked, or may not do what is asked
   */
  RequestPrincipal check(Presented token);

  @Override
  default RequestPrincipal authenticate(String token, HttpServletRequest request) {
    var principal = check(new Presented(token, OnBehalfOf.of(request)));
    if (principal instanceof WatchedJob watched) {
      watched.requireOpens(request);
    }
    return principal;
  }
}
