package dev.behalf.web.site.security;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.RequestPrincipal;
import dev.behalf.server.security.SchemeFilter;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * Authenticates {@code Authorization: Bearer <TOKEN>}, from the token to its user; a port of the
 * bearer scheme.
 */
public interface TokenCheck extends SchemeFilter.Authenticator {

  /** Returns the principal of a token; empty if the token is malformed, expired or revoked. */
  Optional<RequestPrincipal> find(String token);

  @Override
  default RequestPrincipal authenticate(String token, HttpServletRequest request) {
    return find(token)
        .orElseThrow(
            () ->
                new Problem(
                    ProblemCode.TOKEN_INVALID,
                    "The access token is malformed, expired or revoked: get a new one."));
  }
}
