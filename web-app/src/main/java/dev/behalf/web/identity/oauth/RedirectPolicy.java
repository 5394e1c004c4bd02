package dev.behalf.web.identity.oauth;

import dev.behalf.web.site.security.ContentSecurityPolicy;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Lets the sign-in and sign-up forms lead back to the application that sent the user. Browsers
 * apply the page's Content-Security-Policy to the form's redirects, so the policy must name the
 * application; it names only an address that the application has registered.
 */
@Configuration(proxyBeanMethods = false)
class RedirectPolicy implements HandlerInterceptor, WebMvcConfigurer {

  private final Applications applications;
  private final RequestCache interrupted;

  RedirectPolicy(Applications applications, RequestCache interrupted) {
    this.applications = applications;
    this.interrupted = interrupted;
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(this).addPathPatterns("/signin", "/signup");
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    var saved = interrupted.getRequest(request, response);
    if (saved != null) {
      allow(
          request,
          first(saved.getParameterValues("client_id")),
          first(saved.getParameterValues("redirect_uri")));
    }
    return true;
  }

  /** Lets the page's forms redirect to the application, if it has registered the address. */
  void allow(HttpServletRequest request, String clientId, String redirectUri) {
    applications.byClientId(clientId).stream()
        .flatMap(application -> application.redirectUris().stream())
        .filter(uri -> redirectUri.isEmpty() || isSame(uri, redirectUri))
        .findFirst()
        .ifPresent(
            uri ->
                ContentSecurityPolicy.handsOverTo(
                    request, redirectUri.isEmpty() ? uri : URI.create(redirectUri)));
  }

  /**
   * Returns whether the addresses are the same. On a loopback address the port may differ: the
   * application chooses it anew each time (RFC 8252, section 7.3).
   */
  private static boolean isSame(URI registered, String asked) {
    if (registered.toString().equals(asked)) {
      return true;
    }
    try {
      var uri = new URI(asked);
      return "http".equals(registered.getScheme())
          && "http".equals(uri.getScheme())
          && registered.getHost().equals(uri.getHost())
          && registered.getPath().equals(uri.getPath());
    } catch (java.net.URISyntaxException noAddress) {
      return false;
    }
  }

  private static String first(String @Nullable [] values) {
    return values == null || values.length == 0 ? "" : values[0];
  }
}
