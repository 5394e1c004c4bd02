package dev.behalf.web.identity.oauth;

import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenIntrospection;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2TokenIntrospectionAuthenticationToken;

/**
 * Restricts introspection to an application's own tokens. For any other token the answer is the
 * same as for one that does not exist (RFC 7662, section 2.2: {@code active} false, and nothing
 * more). Spring's server would describe any token to any application.
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
        // Null lets Spring's own provider answer.
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
