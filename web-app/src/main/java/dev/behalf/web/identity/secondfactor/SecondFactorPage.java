package dev.behalf.web.identity.secondfactor;

import dev.behalf.server.problem.Problem;
import dev.behalf.web.identity.accounts.Accounts;
import dev.behalf.web.identity.accounts.Reauthentication;
import dev.behalf.web.site.security.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * The settings of two-step verification. Each of its buttons asks for the password again, except
 * the one that confirms the first code: whoever finds an open browser cannot lock its owner out.
 */
@Controller
@RequestMapping("/settings/second-factor")
class SecondFactorPage {

  private final SecondFactors factors;
  private final Accounts accounts;
  private final Reauthentication reauthentication;

  SecondFactorPage(SecondFactors factors, Accounts accounts, Reauthentication reauthentication) {
    this.factors = factors;
    this.accounts = accounts;
    this.reauthentication = reauthentication;
  }

  @GetMapping
  String page(Caller caller, Model model) {
    return show(caller, model, null);
  }

  @PostMapping
  String begin(
      Caller caller,
      @RequestParam(defaultValue = "") String password,
      Model model,
      HttpServletRequest request,
      HttpServletResponse response) {
    var fault = reauthentication.fault(caller, password, request.getRemoteAddr());
    if (fault == null) {
      factors.begin(caller.userId());
      return "redirect:/settings/second-factor";
    }
    return refuse(caller, model, response, fault);
  }

  @PostMapping("/confirmation")
  String confirm(
      Caller caller,
      @RequestParam(defaultValue = "") String code,
      Model model,
      HttpServletResponse response) {
    var recoveryCodes = factors.confirm(caller.userId(), code, caller.actor());
    return recoveryCodes == null
        ? refuse(caller, model, response, "code.fault")
        : shown(caller, model, response, recoveryCodes);
  }

  @PostMapping("/recovery-codes")
  String renew(
      Caller caller,
      @RequestParam(defaultValue = "") String password,
      Model model,
      HttpServletRequest request,
      HttpServletResponse response) {
    var fault = reauthentication.fault(caller, password, request.getRemoteAddr());
    if (fault != null || !factors.isAsked(caller.userId())) {
      return refuse(caller, model, response, fault);
    }
    return shown(
        caller, model, response, factors.newRecoveryCodes(caller.userId(), caller.actor()));
  }

  @PostMapping("/removal")
  String remove(
      Caller caller,
      @RequestParam(defaultValue = "") String password,
      Model model,
      HttpServletRequest request,
      HttpServletResponse response) {
    var fault = reauthentication.fault(caller, password, request.getRemoteAddr());
    if (fault == null) {
      factors.end(caller.userId(), caller.actor());
      return "redirect:/settings/second-factor";
    }
    return refuse(caller, model, response, fault);
  }

  private String refuse(
      Caller caller, Model model, HttpServletResponse response, @Nullable String fault) {
    response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
    return show(caller, model, fault);
  }

  private String shown(
      Caller caller, Model model, HttpServletResponse response, List<String> recoveryCodes) {
    response.setHeader("Cache-Control", "no-store");
    model.addAttribute("recoveryCodes", recoveryCodes);
    return show(caller, model, null);
  }

  private String show(Caller caller, Model model, @Nullable String fault) {
    var choices = accounts.choices(caller.userId());
    if (!choices.hasPassword()) {
      // Another provider asks for whatever it asks for.
      throw Problem.notFound();
    }
    var userId = caller.userId();
    model.addAttribute("state", factors.state(userId).wire());
    model.addAttribute("fault", fault);
    model.addAttribute("email", choices.email());
    model.addAttribute("left", factors.recoveryCodesLeft(userId));
    factors
        .pending(userId)
        .ifPresent(
            totp -> {
              model.addAttribute("secret", totp.secret().replaceAll("(.{4})(?=.)", "$1 "));
              model.addAttribute("image", QrCodeImage.of(totp.uri(choices.email())));
            });
    return "second-factor";
  }
}
