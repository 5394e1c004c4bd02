package dev.behalf.web.accounts;

import dev.behalf.web.accounts.Accounts.Faults;
import dev.behalf.web.accounts.Accounts.Welcome;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

@Controller
@RequestMapping("/signup")
class SignUpPage {

  private final Accounts accounts;
  private final SecurityContextRepository sessions;

  SignUpPage(Accounts accounts, SecurityContextRepository sessions) {
    this.accounts = accounts;
    this.sessions = sessions;
  }

  @GetMapping
  String form(Model model) {
    return form(model, "", Map.of());
  }

  @PostMapping
  String signUp(
      @RequestParam(defaultValue = "") String email,
      @RequestParam(defaultValue = "") String password,
      Model model,
      HttpServletRequest request,
      HttpServletResponse response) {
    return switch (accounts.signUp(email, password)) {
      case Faults faults -> {
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        yield form(model, email, faults.byField());
      }
      case Welcome welcome -> {
        signIn(welcome.user(), request, response);
        yield "redirect:/home";
      }
    };
  }

  private static String form(Model model, String address, Map<String, String> faults) {
    model.addAttribute("address", address);
    model.addAttribute("faults", faults);
    return "signup";
  }

  /** A new session id, so that one that was planted before is worth nothing. */
  private void signIn(SignedIn user, HttpServletRequest request, HttpServletResponse response) {
    request.getSession();
    request.changeSessionId();
    var context = SecurityContextHolder.createEmptyContext();
    context.setAuthentication(
        UsernamePasswordAuthenticationToken.authenticated(user, null, user.getAuthorities()));
    SecurityContextHolder.setContext(context);
    sessions.saveContext(context, request, response);
  }
}
