package dev.behalf.web.operators.console;

import dev.behalf.contract.Environment;
import dev.behalf.server.security.Scope;
import dev.behalf.web.billing.usage.Usage;
import dev.behalf.web.identity.platforms.Acting;
import dev.behalf.web.identity.secondfactor.SecondFactors;
import dev.behalf.web.site.export.Format;
import dev.behalf.web.site.export.Table;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.site.security.Viewing;
import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The pages that find an account and change it. */
@Controller
class AccountsPage {

  private final AccountAdministration accounts;
  private final Usage usage;
  private final Queues queues;
  private final Acting acting;
  private final SecondFactors secondFactors;
  private final Viewing viewing;
  private final InstantSource clock;

  AccountsPage(
      AccountAdministration accounts,
      Usage usage,
      Queues queues,
      Acting acting,
      SecondFactors secondFactors,
      Viewing viewing,
      InstantSource clock) {
    this.accounts = accounts;
    this.usage = usage;
    this.queues = queues;
    this.acting = acting;
    this.secondFactors = secondFactors;
    this.viewing = viewing;
    this.clock = clock;
  }

  @GetMapping("/ops/accounts")
  Object list(@RequestParam(defaultValue = "") String email, Format format, Model model) {
    var found = accounts.find(email);
    model.addAttribute("asked", email);
    model.addAttribute("invites", accounts.invites());
    model.addAttribute("accounts", found);
    return new Table(
            List.of("id", "email", "created_at", "scopes", "disabled_at"),
            found.stream()
                .<List<?>>map(
                    a ->
                        Table.row(
                            a.id(),
                            a.email(),
                            a.createdAt(),
                            Scope.format(a.scopes()),
                            a.disabledAt()))
                .toList())
        .orPage(format, "operators/accounts");
  }

  /** Sends a link with which the owner of an address signs up, even where sign-up is not open. */
  @PostMapping("/ops/accounts/invitations")
  String invite(
      Caller caller,
      @RequestParam(defaultValue = "") String email,
      Locale locale,
      RedirectAttributes after) {
    after.addFlashAttribute(
        accounts.invite(caller, email, locale.toLanguageTag()) ? "invited" : "notInvited", email);
    return "redirect:/ops/accounts";
  }

  @GetMapping("/ops/accounts/{id}")
  String page(@PathVariable UUID id, Model model) {
    model.addAttribute("account", accounts.get(id));
    model.addAttribute("counts", accounts.counts(id));
    model.addAttribute("usage", usage.of(id));
    model.addAttribute("scopes", Scope.GRANTABLE);
    model.addAttribute("asksCode", secondFactors.isAsked(id));
    model.addAttribute("platform", acting.of(id).orElse(null));
    var pauses = queues.pauses().stream().filter(pause -> id.equals(pause.userId())).toList();
    model.addAttribute("pauses", pauses);
    model.addAttribute(
        "standing",
        Arrays.stream(Environment.values())
            .filter(each -> pauses.stream().noneMatch(pause -> pause.environment() == each))
            .map(Environment::wire)
            .toList());
    model.addAttribute("spans", new OperatorFormats(clock.instant()));
    return "operators/account";
  }

  @PostMapping("/ops/accounts/{id}/quota")
  String limit(
      Caller caller,
      @PathVariable UUID id,
      @RequestParam String environment,
      @RequestParam long units) {
    accounts.limit(caller, id, FormValues.environment(environment), units);
    return to(id);
  }

  @PostMapping("/ops/accounts/{id}/scopes")
  String scopes(Caller caller, @PathVariable UUID id, @RequestParam @Nullable List<String> scopes) {
    var words = String.join(" ", Objects.requireNonNullElse(scopes, List.of()));
    accounts.scopes(caller, id, Scope.both(Scope.GRANTABLE, Scope.parse(words)));
    return to(id);
  }

  @PostMapping("/ops/accounts/{id}/permissions")
  String permissions(
      Caller caller, @PathVariable UUID id, @RequestParam(defaultValue = "") String permissions) {
    accounts.permissions(caller, id, permissions);
    return to(id);
  }

  @PostMapping("/ops/accounts/{id}/disablement")
  String disable(Caller caller, @PathVariable UUID id) {
    accounts.disable(caller, id);
    return to(id);
  }

  @PostMapping("/ops/accounts/{id}/disablement/end")
  String enable(Caller caller, @PathVariable UUID id) {
    accounts.enable(caller, id);
    return to(id);
  }

  @PostMapping("/ops/accounts/{id}/acting/end")
  String endActing(Caller caller, @PathVariable UUID id) {
    accounts.endActing(caller, id);
    return to(id);
  }

  /** Lets somebody sign in who has lost the app and the recovery codes. */
  @PostMapping("/ops/accounts/{id}/second-factor/end")
  String endSecondFactor(Caller caller, @PathVariable UUID id) {
    accounts.endSecondFactor(caller, id);
    return to(id);
  }

  @PostMapping("/ops/accounts/{id}/deletion")
  String delete(Caller caller, @PathVariable UUID id) {
    accounts.delete(caller, id);
    return "redirect:/ops/accounts";
  }

  /** Starts viewing the site as the user, who sees the view in the account's activity. */
  @PostMapping("/ops/accounts/{id}/view")
  String view(Caller caller, @PathVariable UUID id, HttpServletRequest request) {
    var account = accounts.look(caller, id);
    viewing.begin(request, id, account.email());
    return "redirect:/home";
  }

  @PostMapping("/ops/view/end")
  String endView(HttpServletRequest request) {
    return viewing.end(request).map(AccountsPage::to).orElse("redirect:/ops/accounts");
  }

  private static String to(UUID id) {
    return "redirect:/ops/accounts/" + id;
  }
}
