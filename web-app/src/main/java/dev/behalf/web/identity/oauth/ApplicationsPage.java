package dev.behalf.web.identity.oauth;

import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.Scope;
import dev.behalf.web.identity.oauth.Applications.Registered;
import dev.behalf.web.identity.platforms.Acting;
import dev.behalf.web.site.preferences.ProblemMessages;
import dev.behalf.web.site.security.Caller;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.BindParam;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/**
 * The page of applications that act for the user, and of those that the user has registered as a
 * developer; and the form that registers one.
 */
@Controller
@RequestMapping("/applications")
class ApplicationsPage {

  private final Applications applications;
  private final Acting acting;
  private final ProblemMessages messages;

  ApplicationsPage(Applications applications, Acting acting, ProblemMessages messages) {
    this.applications = applications;
    this.acting = acting;
    this.messages = messages;
  }

  /** The registration form, shown again if a field has a fault. */
  record Form(
      @Nullable String name,
      @Nullable String kind,
      @BindParam("redirect_uris") @Nullable String redirectUris,
      @Nullable List<String> scopes) {

    static final Form EMPTY = new Form("", "confidential", "", List.of(Scope.JOBS_READ.wire()));

    private NewApplication asked() {
      return new NewApplication(
          Objects.requireNonNullElse(name, "").strip(),
          "public".equals(kind),
          Arrays.stream(Objects.requireNonNullElse(redirectUris, "").split("\\s+"))
              .filter(uri -> !uri.isEmpty())
              .toList(),
          Scope.parse(String.join(" ", Objects.requireNonNullElse(scopes, List.of()))));
    }
  }

  @GetMapping
  String page(Caller caller, Model model) {
    return page(caller, model, null);
  }

  @GetMapping("/new")
  String form(Model model) {
    return form(model, Form.EMPTY, Map.of());
  }

  @PostMapping
  String register(Caller caller, Form form, Model model, HttpServletResponse response) {
    try {
      return page(caller, model, applications.register(caller, form.asked()));
    } catch (Problem problem) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      return form(model, form, messages.byField(problem));
    }
  }

  @PostMapping("/{id}/secret")
  String renewSecret(Caller caller, @PathVariable UUID id, Model model) {
    return page(caller, model, applications.renewSecret(caller, id));
  }

  @PostMapping("/{id}/removal")
  String remove(Caller caller, @PathVariable UUID id) {
    applications.remove(caller, id);
    return "redirect:/applications";
  }

  @PostMapping("/{id}/consent/end")
  String withdraw(Caller caller, @PathVariable UUID id) {
    applications.withdraw(caller, id);
    return "redirect:/applications";
  }

  @PostMapping("/platforms/{id}/end")
  String endActing(Caller caller, @PathVariable UUID id) {
    acting.end(caller.userId(), id, caller.actor());
    return "redirect:/applications";
  }

  private static String form(Model model, Form form, Map<String, String> faults) {
    model.addAttribute("form", form);
    model.addAttribute("faults", faults);
    model.addAttribute("scopes", Scope.GRANTABLE);
    return "new-application";
  }

  private String page(Caller caller, Model model, @Nullable Registered registered) {
    model.addAttribute("registered", registered);
    model.addAttribute("grants", applications.grants(caller.userId()));
    model.addAttribute("platform", acting.of(caller.userId()).orElse(null));
    model.addAttribute("own", applications.ofDeveloper(caller.userId()));
    return "applications";
  }
}
