package dev.behalf.web.identity.oauth;

import dev.behalf.web.identity.platforms.PlatformClient;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;

/**
 * Tells a platform that its tokens are not revoked one by one (RFC 7009, section 2.2.1): no row is
 * kept of them. They end after ten minutes, or with the platform, its client or its right to act.
 */
final class NoRevocationOfPlatforms implements AuthenticationProvider {

  private final AuthenticationProvider ofApplications;

  /** Wraps Spring's own provider: of a refusal by one provider, Spring would ask the next one. */
  NoRevocationOfPlatforms(AuthenticationProvider ofApplications) {
    this.ofApplications = ofApplications;
  }

  @Override
  public @Nullable Authentication authenticate(Authentication authentication) {
    if (authentication.getPrincipal() instanceof OAuth2ClientAuthenticationToken client
        && client.getRegisteredClient() != null
        && PlatformClient.platformOf(client.getRegisteredClient()) != null) {
      throw new OAuth2AuthenticationException(
          new OAuth2Error(
              "unsupported_token_type", "The tokens of a platform end by themselves.", null));
    }
    return ofApplications.authenticate(authentication);
  }

  @Override
  public boolean supports(Class<?> authentication) {
    return ofApplications.supports(authentication);
  }
}
