package dev.behalf.web.site.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.Objects;
import org.springframework.security.web.header.HeaderWriter;

/**
 * Writes the Content-Security-Policy: nothing inline, nothing from other sites. Browsers apply
 * form-action to a form's redirects, too; a page that hands over to an application therefore allows
 * that application's origin, and no other page does.
 */
public final class ContentSecurityPolicy implements HeaderWriter {

  private static final String HANDS_OVER_TO = "behalf.hands-over-to";

  /**
   * Lets the forms of this page redirect to an application.
   *
   * @param redirectUri a redirect address that the application has registered
   */
  public static void handsOverTo(HttpServletRequest request, URI redirectUri) {
    var origin =
        redirectUri.getHost() == null
            ? redirectUri.getScheme() + ":"
            : redirectUri.getScheme() + "://" + redirectUri.getAuthority();
    request.setAttribute(HANDS_OVER_TO, " " + origin);
  }

  @Override
  public void writeHeaders(HttpServletRequest request, HttpServletResponse response) {
    var application = Objects.requireNonNullElse(request.getAttribute(HANDS_OVER_TO), "");
    response.setHeader(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
            + " font-src 'self'; connect-src 'self'; form-action 'self'"
            + application
            + "; base-uri 'none'; frame-ancestors 'none'");
  }
}
