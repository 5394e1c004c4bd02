package dev.behalf.web.applications;

import dev.behalf.doors.Scope;
import dev.behalf.problem.Problem;
import dev.behalf.web.doors.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Where a user decides what an application may do; the form goes to the authorization server. */
@Controller
class ConsentPage {

  private final Applications applications;
  private final Authorizations authorizations;
  private final Handover handover;

  ConsentPage(Applications applications, Authorizations authorizations, Handover handover) {
    this.applications = applications;
    this.authorizations = authorizations;
    this.handover = handover;
  }

  @GetMapping("/oauth2/consent")
  String page(
      Caller caller,
      @RequestParam("client_id") String clientId,
      @RequestParam String scope,
      @RequestParam String state,
      HttpServletRequest request,
      Model model) {
    var application = applications.byClientId(clientId).orElseThrow(Problem::notFound);
    var redirectUri = redirectUri(caller, state);
    handover.allow(request, clientId, redirectUri);
    // "application" is a word of Thymeleaf's own.
    model.addAttribute("client", application);
    model.addAttribute("destination", redirectUri);
    model.addAttribute("asked", asked(caller, scope));
    model.addAttribute("state", state);
    return "consent";
  }

  /** Nobody can allow what he may not do himself. */
  private static Set<Scope> asked(Caller caller, String scope) {
    return Scope.both(Scope.parse(scope), caller.scopes());
  }

  /** Of the request that waits for the answer, which must be this user's. */
  private String redirectUri(Caller caller, String state) {
    var waiting = authorizations.findByToken(state, new OAuth2TokenType("state"));
    if (waiting == null || !waiting.getPrincipalName().equals(caller.userId().toString())) {
      throw Problem.notFound();
    }
    var asked =
        waiting.<OAuth2AuthorizationRequest>getAttribute(
            OAuth2AuthorizationRequest.class.getName());
    var uri = asked == null ? null : asked.getRedirectUri();
    return uri == null ? "" : uri;
  }
}
