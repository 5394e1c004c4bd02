package dev.behalf.web.identity.accounts;

import dev.behalf.web.site.preferences.DisplayPreferences;
import dev.behalf.web.site.preferences.SavedPreferences;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.site.security.Sessions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The settings page: display preferences, password, sessions, leaked keys and account deletion. */
@Controller
@RequestMapping("/settings")
class SettingsPage {

  private final Accounts accounts;
  private final Sessions sessions;
  private final Reauthentication reauthentication;
  private final SavedPreferences saved;
  private final PasswordChange passwords;
  private final AddressChanges addresses;

  SettingsPage(
      Accounts accounts,
      Sessions sessions,
      Reauthentication reauthentication,
      SavedPreferences saved,
      PasswordChange passwords,
      AddressChanges addresses) {
    this.accounts = accounts;
    this.sessions = sessions;
    this.reauthentication = reauthentication;
    this.saved = saved;
    this.passwords = passwords;
    this.addresses = addresses;
  }

  @GetMapping
  String page(Caller caller, HttpSession session, Model model) {
    return page(caller, session, model, Map.of());
  }

  private String page(Caller caller, HttpSession session, Model model, Map<String, String> faults) {
    model.addAttribute("faults", faults);
    model.addAttribute("zones", DisplayPreferences.zones());
    model.addAttribute("choices", accounts.choices(caller.userId()));
    model.addAttribute("sessions", sessions.list(caller.userId(), session.getId()));
    return "settings";
  }

  /**
   * Stores the display preferences. Only the time zone is validated here: users type it, while
   * theme and language come from lists.
   */
  @PostMapping("/look")
  String look(
      Caller caller,
      @RequestParam(defaultValue = "") String theme,
      @RequestParam(defaultValue = "") String language,
      @RequestParam(name = "time_zone", defaultValue = "") String zone,
      HttpSession session,
      HttpServletResponse response,
      Model model) {
    if (!DisplayPreferences.zones().contains(zone.strip())) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      model.addAttribute("zone", zone);
      return page(caller, session, model, Map.of("time_zone", "settings.zone.unknown"));
    }
    saved.choose(caller.userId(), DisplayPreferences.of(theme, language, zone.strip()), response);
    return "redirect:/settings";
  }

  @PostMapping("/password")
  String password(
      Caller caller,
      @RequestParam(name = "current_password", defaultValue = "") String current,
      @RequestParam(name = "new_password", defaultValue = "") String next,
      HttpServletRequest request,
      HttpServletResponse response,
      Model model,
      RedirectAttributes after) {
    var session = request.getSession();
    var faults = passwords.change(caller, current, next, session.getId(), request.getRemoteAddr());
    if (!faults.isEmpty()) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      return page(caller, session, model, faults);
    }
    after.addFlashAttribute("changed", true);
    return "redirect:/settings";
  }

  /** Sends a link to a new address. The user types the password: it is a way into the account. */
  @PostMapping("/address")
  String address(
      Caller caller,
      @RequestParam(defaultValue = "") String email,
      @RequestParam(name = "address_password", defaultValue = "") String password,
      Locale locale,
      HttpServletRequest request,
      HttpServletResponse response,
      Model model,
      RedirectAttributes after) {
    var fault = reauthentication.fault(caller, password, request.getRemoteAddr());
    if (fault != null || !addresses.ask(caller, email, locale.toLanguageTag())) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      var faults =
          fault == null ? Map.of("email", "signup.fault.email") : Map.of("address_password", fault);
      return page(caller, request.getSession(), model, faults);
    }
    after.addFlashAttribute("linked", true);
    return "redirect:/settings";
  }

  /** Sends a link to the present address, which is not verified yet. */
  @PostMapping("/address/confirmation")
  String confirmAddress(Caller caller, Locale locale, RedirectAttributes after) {
    addresses.askAgain(caller, locale.toLanguageTag());
    after.addFlashAttribute("linked", true);
    return "redirect:/settings";
  }

  @PostMapping("/leaks")
  String leaks(
      Caller caller,
      @RequestParam(name = "revoke_leaked", required = false) @Nullable String revoke) {
    accounts.revokeLeaked(caller.userId(), revoke != null, caller.actor());
    return "redirect:/settings";
  }

  @PostMapping("/sessions/end")
  String endOthers(Caller caller, HttpSession session) {
    sessions.endOthers(caller.userId(), session.getId(), caller.actor());
    return "redirect:/settings";
  }

  @PostMapping("/sessions/{handle}/end")
  String end(Caller caller, @PathVariable String handle) {
    sessions.end(caller.userId(), handle, caller.actor());
    return "redirect:/settings";
  }

  /**
   * Deletes the account. The user types the password again: an unattended browser is not enough.
   */
  @PostMapping("/deletion")
  String delete(
      Caller caller,
      @RequestParam(defaultValue = "") String password,
      HttpServletRequest request,
      HttpServletResponse response,
      Model model) {
    var fault = reauthentication.fault(caller, password, request.getRemoteAddr());
    if (fault != null) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      return page(caller, request.getSession(), model, Map.of("password", fault));
    }
    accounts.delete(caller.userId(), caller.actor());
    request.getSession().invalidate();
    SecurityContextHolder.clearContext();
    return "redirect:/signin?deleted";
  }
}
