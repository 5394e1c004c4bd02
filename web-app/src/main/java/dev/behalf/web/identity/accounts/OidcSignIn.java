package dev.behalf.web.identity.accounts;

import dev.behalf.web.identity.accounts.ProviderIdentities.Identity;
import dev.behalf.web.site.security.ProviderSignIn;
import dev.behalf.web.site.security.SignIn;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.stereotype.Component;

/** Sign-in with an OpenID Connect provider that the operator has configured. */
@Component
class OidcSignIn implements ProviderSignIn {

  private final ProviderIdentities identities;
  private final ObjectProvider<SignIn> signIn;

  OidcSignIn(ProviderIdentities identities, ObjectProvider<SignIn> signIn) {
    this.identities = identities;
    this.signIn = signIn;
  }

  @Override
  public void onAuthenticationSuccess(
      HttpServletRequest request, HttpServletResponse response, Authentication authentication)
      throws IOException, ServletException {
    var user = identity(authentication).flatMap(identities::signInWith).orElse(null);
    if (user == null) {
      request.getSession().invalidate();
      response.sendRedirect("/signin?provider_unknown");
    } else {
      signIn.getObject().begin(user, request, response);
    }
  }

  private static Optional<Identity> identity(Authentication authentication) {
    return authentication.getPrincipal() instanceof OidcUser oidc
            && oidc.getIssuer() != null
            && oidc.getSubject() != null
            && oidc.getEmail() != null
        ? Optional.of(
            new Identity(
                oidc.getIssuer().toString(),
                oidc.getSubject(),
                oidc.getEmail(),
                Objects.requireNonNullElse(oidc.getEmailVerified(), false)))
        : Optional.empty();
  }
}
