package dev.behalf.web.identity.passkeys;

import dev.behalf.server.problem.Problem;
import dev.behalf.web.identity.accounts.Accounts;
import dev.behalf.web.identity.accounts.Reauthentication;
import dev.behalf.web.site.security.Browser;
import dev.behalf.web.site.security.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** A user's passkeys. To add one, the user types the password: it is a way into the account. */
@Controller
@RequestMapping("/settings/passkeys")
class PasskeysPage {

  private final Passkeys passkeys;
  private final Accounts accounts;
  private final Reauthentication reauthentication;
  private final MessageSource texts;

  PasskeysPage(
      Passkeys passkeys,
      Accounts accounts,
      Reauthentication reauthentication,
      MessageSource texts) {
    this.passkeys = passkeys;
    this.accounts = accounts;
    this.reauthentication = reauthentication;
    this.texts = texts;
  }

  @GetMapping
  String page(Caller caller, HttpServletRequest request, Model model) {
    return show(caller, request, model, null);
  }

  /** Begins a registration, for the page's script: options as JSON, or a fault as text. */
  @PostMapping("/options")
  ResponseEntity<String> begin(
      Caller caller,
      @RequestParam(defaultValue = "") String password,
      Locale locale,
      HttpServletRequest request) {
    requirePassword(caller);
    var fault = reauthentication.fault(caller, password, request.getRemoteAddr());
    if (fault == null && passkeys.isFull(caller.userId())) {
      fault = "passkeys.full";
    }
    return fault == null
        ? ResponseEntity.ok()
            .contentType(MediaType.APPLICATION_JSON)
            .header(HttpHeaders.CACHE_CONTROL, "no-store")
            .body(passkeys.beginRegistration(caller.userId(), request.getSession()))
        : ResponseEntity.unprocessableContent()
            .contentType(MediaType.TEXT_PLAIN)
            .body(texts.getMessage(fault, null, locale));
  }

  @PostMapping
  String register(
      Caller caller,
      @RequestParam(defaultValue = "") String answer,
      @RequestParam(defaultValue = "") String label,
      HttpServletRequest request,
      HttpServletResponse response,
      Model model) {
    requirePassword(caller);
    if (answer.length() <= Passkeys.MAX_ANSWER
        && passkeys.register(
            caller.userId(), answer, label, request.getSession(), caller.actor())) {
      return "redirect:/settings/passkeys";
    }
    response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
    return show(caller, request, model, "passkeys.refused");
  }

  @PostMapping("/{id}/removal")
  String remove(Caller caller, @PathVariable UUID id) {
    passkeys.remove(caller.userId(), id, caller.actor());
    return "redirect:/settings/passkeys";
  }

  private String show(
      Caller caller, HttpServletRequest request, Model model, @Nullable String fault) {
    requirePassword(caller);
    model.addAttribute("passkeys", passkeys.list(caller.userId()));
    model.addAttribute("origin", passkeys.origin());
    model.addAttribute("label", Browser.name(request.getHeader(HttpHeaders.USER_AGENT)));
    model.addAttribute("fault", fault);
    return "passkeys";
  }

  /** Refuses accounts of another provider, who decides how its users sign in. */
  private void requirePassword(Caller caller) {
    if (!accounts.choices(caller.userId()).hasPassword()) {
      throw Problem.notFound();
    }
  }
}
