package dev.behalf.web.identity.oauth;

import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenIntrospection;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2TokenIntrospectionAuthenticationToken;

/**
 * Tells an application about its own tokens; any other is as good as none (RFC 7662, 2.2: {@code
 * active} false, and nothing more). Spring's server would tell any application about any token.
 */
final class OwnTokensOnly implements AuthenticationProvider {

  private final Authorizations authorizations;

  OwnTokensOnly(Authorizations authorizations) {
    this.authorizations = authorizations;
  }

  @Override
  public @Nullable Authentication authenticate(Authentication authentication) {
    var asked = (OAuth2TokenIntrospectionAuthenticationToken) authentication;
    return asked.getPrincipal() instanceof OAuth2ClientAuthenticationToken client
            && client.getRegisteredClient() != null
            && authorizations.isOf(client.getRegisteredClient().getId(), asked.getToken())
        // Spring's own provider answers.
        ? null
        : new OAuth2TokenIntrospectionAuthenticationToken(
            asked.getToken(),
            (Authentication) asked.getPrincipal(),
            OAuth2TokenIntrospection.builder().build());
  }

  @Override
  public boolean supports(Class<?> authentication) {
    return OAuth2TokenIntrospectionAuthenticationToken.class.isAssignableFrom(authentication);
  }
}
