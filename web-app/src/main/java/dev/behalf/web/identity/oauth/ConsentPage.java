package dev.behalf.web.identity.oauth;

import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.Scope;
import dev.behalf.web.site.security.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/**
 * The page where a user decides what an application may do. Its form goes to the authorization
 * server.
 */
@Controller
class ConsentPage {

  private final Applications applications;
  private final Authorizations authorizations;
  private final Consents consents;
  private final RedirectPolicy handover;

  ConsentPage(
      Applications applications,
      Authorizations authorizations,
      Consents consents,
      RedirectPolicy handover) {
    this.applications = applications;
    this.authorizations = authorizations;
    this.consents = consents;
    this.handover = handover;
  }

  @GetMapping("/oauth2/consent")
  String page(Caller caller, @RequestParam String state, HttpServletRequest http, Model model) {
    // Read from the pending request, not from this URL, which anyone can write.
    var request = asked(waiting(caller, state));
    var clientId = request.getClientId();
    var application = applications.byClientId(clientId).orElseThrow(Problem::notFound);
    var redirectUri = String.valueOf(request.getRedirectUri());
    handover.allow(http, clientId, redirectUri);
    var before = allowedBefore(application, caller);
    var asked = reachable(caller, Scope.parse(String.join(" ", request.getScopes())));
    asked.removeAll(before);
    // Not "application": Thymeleaf reserves that name.
    model.addAttribute("client", application);
    model.addAttribute("destination", redirectUri);
    model.addAttribute("asked", asked);
    model.addAttribute("before", before);
    model.addAttribute("state", state);
    return "consent";
  }

  /**
   * Denies the whole request, scopes that were allowed earlier included. The application gets no
   * code, and the user returns to the address that the request names.
   */
  @PostMapping("/oauth2/denial")
  String deny(Caller caller, @RequestParam String state) {
    var waiting = waiting(caller, state);
    var asked = asked(waiting);
    authorizations.remove(waiting);
    var answer =
        UriComponentsBuilder.fromUriString(String.valueOf(asked.getRedirectUri()))
            .queryParam("error", "access_denied");
    if (asked.getState() != null) {
      answer.queryParam("state", UriUtils.encode(asked.getState(), StandardCharsets.UTF_8));
    }
    return "redirect:" + answer.build(true).toUriString();
  }

  /** Returns the scopes that the user has too: users can only grant rights of their own. */
  private static Set<Scope> reachable(Caller caller, Set<Scope> scopes) {
    return Scope.both(scopes, caller.scopes());
  }

  /** Returns the pending request, which must be this user's. */
  private OAuth2Authorization waiting(Caller caller, String state) {
    // The library refuses to look for a blank token.
    var waiting =
        state.isBlank() ? null : authorizations.findByToken(state, new OAuth2TokenType("state"));
    if (waiting == null || !waiting.getPrincipalName().equals(caller.userId().toString())) {
      throw Problem.notFound();
    }
    return waiting;
  }

  private static OAuth2AuthorizationRequest asked(OAuth2Authorization waiting) {
    return Objects.requireNonNull(
        waiting.<OAuth2AuthorizationRequest>getAttribute(
            OAuth2AuthorizationRequest.class.getName()));
  }

  private Set<Scope> allowedBefore(Application application, Caller caller) {
    var consent = consents.findById(application.id().toString(), caller.userId().toString());
    return consent == null ? Set.of() : Scope.parse(String.join(" ", consent.getScopes()));
  }
}
