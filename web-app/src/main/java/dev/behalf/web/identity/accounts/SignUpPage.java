package dev.behalf.web.identity.accounts;

import dev.behalf.web.identity.accounts.SignUps.Faults;
import dev.behalf.web.identity.accounts.SignUps.Welcome;
import dev.behalf.web.site.security.AnonymousRateLimits;
import dev.behalf.web.site.security.SignIn;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** The pages to get an account: with an address, or with the link that came there. */
@Controller
@RequestMapping("/signup")
class SignUpPage {

  private final SignUps signUps;
  private final MailLinks links;
  private final SignIn signIn;
  private final AnonymousRateLimits anonymousRates;

  SignUpPage(SignUps signUps, MailLinks links, SignIn signIn, AnonymousRateLimits anonymousRates) {
    this.signUps = signUps;
    this.links = links;
    this.signIn = signIn;
    this.anonymousRates = anonymousRates;
  }

  @GetMapping
  String form(Model model) {
    return form(model, "", Map.of());
  }

  @PostMapping
  @Nullable ModelAndView signUp(
      @RequestParam(defaultValue = "") String email,
      @RequestParam(defaultValue = "") String password,
      Model model,
      Locale locale,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException, ServletException {
    if (signUps.mode() != SignUps.Mode.OPEN) {
      response.setStatus(HttpStatus.FORBIDDEN.value());
      return new ModelAndView(form(model, "", Map.of()), model.asMap());
    }
    var wait = anonymousRates.signUp(request);
    if (wait.isPresent()) {
      response.setStatus(HttpStatus.TOO_MANY_REQUESTS.value());
      response.setHeader("Retry-After", String.valueOf(wait.get().toSeconds()));
      model.addAttribute("wait", wait.get().plusSeconds(59).toMinutes());
      return new ModelAndView(form(model, shown(email), Map.of()), model.asMap());
    }
    if (!signUps.isByLink()) {
      return outcome(signUps.signUp(email, password), shown(email), model, request, response);
    }
    if (signUps.ask(email, locale.toLanguageTag())) {
      model.addAttribute("sent", true);
      return new ModelAndView(form(model, shown(email), Map.of()), model.asMap());
    }
    var faults = new Faults(Map.of("email", "signup.fault.email"));
    return outcome(faults, shown(email), model, request, response);
  }

  private @Nullable ModelAndView outcome(
      SignUps.SignUp outcome,
      String address,
      Model model,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException, ServletException {
    return switch (outcome) {
      case Faults faults -> {
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        yield new ModelAndView(form(model, address, faults.byField()), model.asMap());
      }
      case Welcome welcome -> {
        signIn.begin(welcome.user(), request, response);
        yield null;
      }
    };
  }

  /**
   * Shows what the link in a mail opens. Only the button uses it: mail servers follow links, too.
   */
  @GetMapping("/link")
  String link(@RequestParam(defaultValue = "") String token, Model model) {
    return link(model, token, Map.of());
  }

  @PostMapping("/link")
  @Nullable ModelAndView confirm(
      @RequestParam(defaultValue = "") String token,
      @RequestParam(defaultValue = "") String password,
      Model model,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException, ServletException {
    return switch (signUps.confirm(token, password)) {
      case Faults faults -> {
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        yield new ModelAndView(link(model, token, faults.byField()), model.asMap());
      }
      case Welcome welcome -> {
        signIn.begin(welcome.user(), request, response);
        yield null;
      }
    };
  }

  /** Returns the address to show in the form again; empty if it is too long to have been typed. */
  private static String shown(String email) {
    return email.length() <= 400 ? email : "";
  }

  private String form(Model model, String address, Map<String, String> faults) {
    model.addAttribute("mode", signUps.mode().wire());
    model.addAttribute("byLink", signUps.isByLink());
    model.addAttribute("address", address);
    model.addAttribute("faults", faults);
    return "signup";
  }

  private String link(Model model, String token, Map<String, String> faults) {
    return LinkForm.of("/signup/link", "signup.link.", token, links.find(token, signUps.links()))
        .show(model, faults);
  }
}
