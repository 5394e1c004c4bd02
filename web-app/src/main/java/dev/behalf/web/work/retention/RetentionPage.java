package dev.behalf.web.work.retention;

import dev.behalf.contract.Environment;
import dev.behalf.web.identity.accounts.Accounts;
import dev.behalf.web.identity.accounts.Reauthentication;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.operations.Operations;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The page that says how long jobs are kept, and lets a user choose fewer days. */
@Controller
@RequestMapping("/settings/retention")
class RetentionPage {

  private static final List<Integer> DAYS = List.of(1, 3, 7, 14, 30, 60, 90, 180, 365);

  private final Retention retention;
  private final Operations operations;
  private final Accounts accounts;
  private final Reauthentication reauthentication;

  RetentionPage(
      Retention retention,
      Operations operations,
      Accounts accounts,
      Reauthentication reauthentication) {
    this.retention = retention;
    this.operations = operations;
    this.accounts = accounts;
    this.reauthentication = reauthentication;
  }

  /**
   * What the page offers for an environment.
   *
   * @param most days of the installation; 0: for ever
   * @param chosen the user's own days; null for those of the installation
   * @param days shorter times to choose from
   */
  record Choice(Environment environment, int most, @Nullable Integer chosen, List<Integer> days) {}

  /** An operation whose jobs are deleted some hours after their end. */
  record Limited(String name, int hours) {}

  @GetMapping
  String page(Caller caller, Model model) {
    model.addAttribute("choices", choices(caller.userId()));
    model.addAttribute("operations", limited(caller.userId()));
    model.addAttribute("hasPassword", accounts.choices(caller.userId()).hasPassword());
    return "retention";
  }

  /**
   * Stores a choice, after the user's password: fewer days delete what cannot be restored.
   *
   * @param days a time that the page offers; anything else is the installation's
   */
  @PostMapping
  String choose(
      Caller caller,
      @RequestParam Environment environment,
      @RequestParam(defaultValue = "") String days,
      @RequestParam(defaultValue = "") String password,
      HttpServletRequest request,
      HttpServletResponse response,
      Model model,
      RedirectAttributes result) {
    var fault = reauthentication.fault(caller, password, request.getRemoteAddr());
    if (fault != null) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      model.addAttribute("fault", fault);
      model.addAttribute("faultOf", environment);
      return page(caller, model);
    }
    var chosen =
        shorter(environment).filter(one -> one.toString().equals(days)).findFirst().orElse(null);
    retention.choose(caller, environment, chosen);
    result.addFlashAttribute("saved", true);
    return "redirect:/settings/retention";
  }

  private List<Choice> choices(UUID userId) {
    var chosen = retention.chosen(userId);
    return Arrays.stream(Environment.values())
        .map(
            environment ->
                new Choice(
                    environment,
                    retention.most(environment),
                    chosen.get(environment),
                    shorter(environment).toList()))
        .toList();
  }

  private List<Limited> limited(UUID userId) {
    return operations.of(userId).stream()
        .flatMap(
            operation ->
                Stream.ofNullable(operation.definition().retentionHours())
                    .map(hours -> new Limited(operation.name(), hours)))
        .toList();
  }

  private Stream<Integer> shorter(Environment environment) {
    int most = retention.most(environment);
    return DAYS.stream().filter(days -> most == 0 || days < most);
  }
}
