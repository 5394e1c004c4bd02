package dev.behalf.web.operators.console;

import dev.behalf.contract.ClientCredentials;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.Scope;
import dev.behalf.web.identity.platforms.NewPlatform;
import dev.behalf.web.identity.platforms.Platforms;
import dev.behalf.web.site.export.Format;
import dev.behalf.web.site.export.Table;
import dev.behalf.web.site.preferences.ProblemMessages;
import dev.behalf.web.site.security.Caller;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page on which operators create platforms, renew their secrets and end them. */
@Controller
class PlatformsPage {

  /** How long the client before a new one is accepted: time to bring the new secret into use. */
  static final Duration OVERLAP = Duration.ofDays(1);

  private final Platforms platforms;
  private final OperatorAudit log;
  private final TransactionTemplate transaction;
  private final ProblemMessages messages;

  PlatformsPage(
      Platforms platforms,
      OperatorAudit log,
      TransactionTemplate transaction,
      ProblemMessages messages) {
    this.platforms = platforms;
    this.log = log;
    this.transaction = transaction;
    this.messages = messages;
  }

  /** The form for a new platform, shown again if a field has a fault. */
  record Form(@Nullable String name, @Nullable String origins, @Nullable List<String> scopes) {

    static final Form EMPTY =
        new Form("", "", Scope.OF_PLATFORMS.stream().map(Scope::wire).toList());

    private NewPlatform asked() {
      return new NewPlatform(
          Objects.requireNonNullElse(name, "").strip(),
          Scope.both(
              Scope.OF_PLATFORMS,
              Scope.parse(String.join(" ", Objects.requireNonNullElse(scopes, List.of())))),
          Arrays.stream(Objects.requireNonNullElse(origins, "").split("\\s+"))
              .filter(origin -> !origin.isEmpty())
              .toList());
    }
  }

  @GetMapping("/ops/platforms")
  Object list(Format format, Model model) {
    fill(model, Form.EMPTY, Map.of());
    return new Table(
            List.of("id", "name", "scopes", "origins", "users", "created_at", "ended_at"),
            platforms.list().stream()
                .<List<?>>map(
                    one ->
                        Table.row(
                            one.id(),
                            one.name(),
                            Scope.format(one.scopes()),
                            String.join(" ", one.origins()),
                            one.users(),
                            one.createdAt(),
                            one.endedAt()))
                .toList())
        .orPage(format, "operators/platforms");
  }

  @PostMapping("/ops/platforms")
  String create(Caller caller, Form form, Model model, HttpServletResponse response) {
    try {
      var asked = form.asked();
      var credentials =
          Objects.requireNonNull(
              transaction.execute(
                  status -> {
                    var created = platforms.create(asked);
                    log.write(
                        caller,
                        "platform.created",
                        asked.name(),
                        Map.of("scopes", Scope.format(asked.scopes())));
                    return created;
                  }));
      return shown(model, response, asked.name(), "created", credentials);
    } catch (Problem problem) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      fill(model, form, messages.byField(problem));
      return "operators/platforms";
    }
  }

  @PostMapping("/ops/platforms/{name}/rotation")
  String rotate(
      Caller caller,
      @PathVariable String name,
      @RequestParam(defaultValue = "false") boolean now,
      Model model,
      HttpServletResponse response) {
    var credentials =
        Objects.requireNonNull(
            transaction.execute(
                status -> {
                  var renewed = platforms.rotate(name, now ? Duration.ZERO : OVERLAP);
                  log.write(
                      caller, "platform.rotated", name, Map.of("client_id", renewed.clientId()));
                  return renewed;
                }));
    return shown(model, response, name, now ? "replaced" : "rotated", credentials);
  }

  @PostMapping("/ops/platforms/{name}/end")
  String end(Caller caller, @PathVariable String name) {
    transaction.executeWithoutResult(
        status -> {
          platforms.end(name);
          log.write(caller, "platform.ended", name, Map.of());
        });
    return "redirect:/ops/platforms";
  }

  /** Shows the page with new credentials, once. */
  private String shown(
      Model model,
      HttpServletResponse response,
      String name,
      String how,
      ClientCredentials credentials) {
    response.setHeader("Cache-Control", "no-store");
    model.addAttribute("shown", name);
    model.addAttribute("how", how);
    model.addAttribute("credentials", credentials);
    fill(model, Form.EMPTY, Map.of());
    return "operators/platforms";
  }

  private void fill(Model model, Form form, Map<String, String> faults) {
    model.addAttribute("platforms", platforms.list());
    model.addAttribute("form", form);
    model.addAttribute("faults", faults);
    model.addAttribute("scopes", Scope.OF_PLATFORMS);
  }
}
