package dev.behalf.web.identity.accounts;

import dev.behalf.server.apikeys.ApiKeyAuthenticator;
import dev.behalf.web.site.audit.Actor;
import dev.behalf.web.site.security.AnonymousRateLimits;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages for whoever has forgotten the password. */
@Controller
@RequestMapping("/password")
class PasswordPage {

  private final PasswordResets resets;
  private final MailLinks links;
  private final AnonymousRateLimits anonymousRates;

  PasswordPage(PasswordResets resets, MailLinks links, AnonymousRateLimits anonymousRates) {
    this.resets = resets;
    this.links = links;
    this.anonymousRates = anonymousRates;
  }

  @GetMapping("/forgotten")
  String form() {
    return "forgotten";
  }

  /** Answers the same, whether or not there is such an account. */
  @PostMapping("/forgotten")
  String ask(
      @RequestParam(defaultValue = "") String email,
      Model model,
      Locale locale,
      HttpServletRequest request,
      HttpServletResponse response) {
    var wait = anonymousRates.signUp(request);
    if (wait.isPresent()) {
      response.setStatus(HttpStatus.TOO_MANY_REQUESTS.value());
      response.setHeader("Retry-After", String.valueOf(wait.get().toSeconds()));
      model.addAttribute("wait", wait.get().plusSeconds(59).toMinutes());
      return "forgotten";
    }
    resets.ask(email, locale.toLanguageTag());
    model.addAttribute("sent", true);
    return "forgotten";
  }

  @GetMapping("/link")
  String link(@RequestParam(defaultValue = "") String token, Model model) {
    return link(model, token, Map.of());
  }

  @PostMapping("/link")
  String reset(
      @RequestParam(defaultValue = "") String token,
      @RequestParam(defaultValue = "") String password,
      Model model,
      HttpServletRequest request,
      HttpServletResponse response) {
    var client = ApiKeyAuthenticator.client(request);
    var fault =
        resets.reset(token, password, new Actor("mail", client.address(), client.userAgent()));
    if (fault != null) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      return link(model, token, Map.of("password", fault));
    }
    return "redirect:/signin?reset";
  }

  private String link(Model model, String token, Map<String, String> faults) {
    return LinkForm.of(
            "/password/link", "password.link.", token, links.find(token, PasswordResets.LINKS))
        .show(model, faults);
  }
}
