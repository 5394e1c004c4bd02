package dev.behalf.web.operators.console;

import dev.behalf.web.site.export.Format;
import dev.behalf.web.site.export.Table;
import dev.behalf.web.site.security.Caller;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.springframework.amqp.AmqpException;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page of dead letters and failed jobs, with the actions on them. */
@Controller
class DeadPage {

  private final DeadLetters letters;
  private final Failures failures;
  private final InstantSource clock;

  DeadPage(DeadLetters letters, Failures failures, InstantSource clock) {
    this.letters = letters;
    this.failures = failures;
    this.clock = clock;
  }

  @GetMapping("/ops/dead")
  Object page(Format format, Model model) {
    var dead = letters.groups();
    var failed = failures.groups();
    model.addAttribute("atBroker", letters.atBroker());
    model.addAttribute("letters", dead);
    model.addAttribute("failures", failed);
    model.addAttribute("lettersAtOnce", DeadLetters.AT_ONCE);
    model.addAttribute("failuresAtOnce", Failures.AT_ONCE);
    model.addAttribute("spans", new OperatorFormats(clock.instant()));
    var rows = new ArrayList<List<?>>();
    dead.forEach(
        group ->
            rows.add(Table.row("message", null, group.reason(), group.count(), group.newest())));
    failed.forEach(
        group ->
            rows.add(
                Table.row(
                    "job",
                    group.environment().wire(),
                    group.code(),
                    group.count(),
                    group.newest())));
    return new Table(List.of("what", "environment", "reason", "count", "newest"), rows)
        .orPage(format, "operators/dead");
  }

  @PostMapping("/ops/dead/collection")
  String collect(Caller caller) {
    try {
      letters.collect(caller);
    } catch (AmqpException away) {
      // The page shows what is known without the broker.
    }
    return "redirect:/ops/dead";
  }

  @PostMapping("/ops/dead/discard")
  String discardLetters(Caller caller, @RequestParam String reason) {
    letters.discard(caller, reason);
    return "redirect:/ops/dead";
  }

  @PostMapping("/ops/failures/redrive")
  String redrive(Caller caller, @RequestParam String environment, @RequestParam String code) {
    failures.redrive(caller, FormValues.environment(environment), code);
    return "redirect:/ops/dead";
  }

  @PostMapping("/ops/failures/discard")
  String discard(Caller caller, @RequestParam String environment, @RequestParam String code) {
    failures.discard(caller, FormValues.environment(environment), code);
    return "redirect:/ops/dead";
  }
}
