package dev.behalf.web.identity.secondfactor;

import dev.behalf.server.apikeys.ApiKeyAuthenticator;
import dev.behalf.web.identity.accounts.Accounts;
import dev.behalf.web.site.audit.Actor;
import dev.behalf.web.site.security.SecondStep;
import dev.behalf.web.site.security.SignIn;
import dev.behalf.web.site.security.SignInThrottle;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** The page that asks for a code, between the password and the session. */
@Controller
@RequestMapping(SecondStep.PATH)
class CodePage {

  private static final String VIEW = "signin-code";

  private final SecondFactors factors;
  private final Accounts accounts;
  private final SignIn signIn;
  private final SignInThrottle throttle;

  CodePage(SecondFactors factors, Accounts accounts, SignIn signIn, SignInThrottle throttle) {
    this.factors = factors;
    this.accounts = accounts;
    this.signIn = signIn;
    this.throttle = throttle;
  }

  @GetMapping
  String form(HttpServletRequest request) {
    return signIn.halfway(request).isEmpty() ? "redirect:/signin?expired" : VIEW;
  }

  @PostMapping
  @Nullable ModelAndView check(
      @RequestParam(defaultValue = "") String code,
      Model model,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException, ServletException {
    var user = signIn.halfway(request).flatMap(accounts::signedIn).orElse(null);
    if (user == null) {
      return new ModelAndView("redirect:/signin?expired");
    }
    var account = "code of " + user.id();
    var wait = throttle.take(account, request.getRemoteAddr());
    if (wait.isPresent() || !factors.accepts(user.id(), code, actor(request))) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      model.addAttribute("fault", wait.isPresent() ? "settings.throttled" : "code.fault");
      return new ModelAndView(VIEW, model.asMap());
    }
    throttle.giveBack(account, request.getRemoteAddr());
    signIn.begin(user, request, response);
    return null;
  }

  private static Actor actor(HttpServletRequest request) {
    var client = ApiKeyAuthenticator.client(request);
    return new Actor(Actor.SESSION.credential(), client.address(), client.userAgent());
  }
}
