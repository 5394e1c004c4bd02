package dev.behalf.web.identity.accounts;

import dev.behalf.web.identity.accounts.Accounts.Faults;
import dev.behalf.web.identity.accounts.Accounts.Welcome;
import dev.behalf.web.site.security.AnonymousRateLimits;
import dev.behalf.web.site.security.SignIn;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
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

/** The sign-up page. */
@Controller
@RequestMapping("/signup")
class SignUpPage {

  private final Accounts accounts;
  private final SignIn signIn;
  private final AnonymousRateLimits anonymousRates;

  SignUpPage(Accounts accounts, SignIn signIn, AnonymousRateLimits anonymousRates) {
    this.accounts = accounts;
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
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException, ServletException {
    var wait = anonymousRates.signUp(request);
    if (wait.isPresent()) {
      response.setStatus(HttpStatus.TOO_MANY_REQUESTS.value());
      response.setHeader("Retry-After", String.valueOf(wait.get().toSeconds()));
      model.addAttribute("wait", wait.get().plusSeconds(59).toMinutes());
      return new ModelAndView(form(model, shown(email), Map.of()), model.asMap());
    }
    return switch (accounts.signUp(email, password)) {
      case Faults faults -> {
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        yield new ModelAndView(form(model, shown(email), faults.byField()), model.asMap());
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

  private static String form(Model model, String address, Map<String, String> faults) {
    model.addAttribute("address", address);
    model.addAttribute("faults", faults);
    return "signup";
  }
}
