package dev.behalf.web.identity.oauth;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.web.authentication.AuthenticationConverter;

/**
 * Authenticates public clients that exchange or revoke refresh tokens. They can prove themselves
 * with nothing but the token, which is why it is valid for one exchange only. Spring's server
 * accepts public clients only with a code and leaves the rest to this class. It is not a bean,
 * because Spring would then check passwords with it.
 */
final class PublicClients implements AuthenticationConverter, AuthenticationProvider {

  private static final String WITHOUT_CODE = "behalf.without_code";

  private final Applications applications;

  PublicClients(Applications applications) {
    this.applications = applications;
  }

  @Override
  public @Nullable Authentication convert(HttpServletRequest request) {
    var clientId = request.getParameter("client_id");
    var isWithoutCode =
        "refresh_token".equals(request.getParameter("grant_type"))
            || request.getRequestURI().equals("/oauth2/revoke");
    return clientId != null
            && !clientId.isBlank()
            && isWithoutCode
            && request.getParameter("client_secret") == null
            && request.getHeader("Authorization") == null
        ? new OAuth2ClientAuthenticationToken(
            clientId, ClientAuthenticationMethod.NONE, null, Map.of(WITHOUT_CODE, true))
        : null;
  }

  @Override
  public @Nullable Authentication authenticate(Authentication authentication) {
    var asked = (OAuth2ClientAuthenticationToken) authentication;
    if (!asked.getAdditionalParameters().containsKey(WITHOUT_CODE)) {
      return null;
    }
    return applications
        .byClientId(asked.getName())
        .filter(Application::isPublic)
        .map(
            application ->
                new OAuth2ClientAuthenticationToken(
                    application.registered(), ClientAuthenticationMethod.NONE, null))
        .orElseThrow(() -> new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_CLIENT));
  }

  @Override
  public boolean supports(Class<?> authentication) {
    return OAuth2ClientAuthenticationToken.class.isAssignableFrom(authentication);
  }
}
