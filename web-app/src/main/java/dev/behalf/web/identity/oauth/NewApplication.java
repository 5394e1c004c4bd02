package dev.behalf.web.identity.oauth;

import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StorableText;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.Scope;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The properties of an application to register.
 *
 * @param isPublic whether the application is a public client, which cannot keep a secret
 */
record NewApplication(String name, boolean isPublic, List<String> redirectUris, Set<Scope> scopes) {

  private static final int MAX_URIS = 10;
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]");
  private static final Pattern NAME = Pattern.compile("\\P{Cntrl}{1,80}");

  /** A private-use URI scheme: a domain name in reverse order (RFC 8252, section 7.1). */
  private static final Pattern OWN_SCHEME = Pattern.compile("[a-z][a-z0-9+-]*(\\.[a-z0-9+-]+)+");

  /**
   * Checks that the application can be registered.
   *
   * @throws Problem about the first invalid field
   */
  void check() {
    if (!StorableText.hasContent(name) || !NAME.matcher(name).matches()) {
      throw fault("name", "Give the application a name of 1 to 80 characters.");
    }
    if (scopes.isEmpty()) {
      throw fault("scopes", "Choose at least one scope for the application.");
    }
    if (!Scope.GRANTABLE.containsAll(scopes)) {
      throw fault("scopes", "Remove the scopes that only browser sessions can have.");
    }
    if (redirectUris.isEmpty() || redirectUris.size() > MAX_URIS) {
      throw fault("redirect_uris", "Give 1 to 10 redirect addresses, one on each line.");
    }
    redirectUris.forEach(this::checkRedirect);
  }

  List<URI> uris() {
    return redirectUris.stream().map(URI::create).toList();
  }

  private void checkRedirect(String text) {
    try {
      var uri = new URI(text);
      var scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      var fits =
          switch (scheme) {
            case "https" -> uri.getHost() != null;
            case "http" -> uri.getHost() != null && LOOPBACK.contains(uri.getHost());
            default -> isPublic && !uri.isOpaque() && OWN_SCHEME.matcher(scheme).matches();
          };
      if (fits && uri.getRawFragment() == null && uri.getRawUserInfo() == null) {
        return;
      }
    } catch (URISyntaxException noAddress) {
      // Falls through to the same problem.
    }
    throw fault(
        "redirect_uris",
        "Use https, or http with 127.0.0.1 or [::1] while you develop; a mobile application may use"
            + " a scheme of its own, as in com.example.app:/signed-in. No fragment, no user name.");
  }

  private static Problem fault(String field, String sentence) {
    return new Problem(ProblemCode.PAYLOAD_INVALID, sentence).about(field);
  }
}
