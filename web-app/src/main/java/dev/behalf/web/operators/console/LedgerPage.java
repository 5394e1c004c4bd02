package dev.behalf.web.operators.console;

import dev.behalf.web.site.export.Format;
import dev.behalf.web.site.export.Table;
import dev.behalf.web.site.security.Caller;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;

/** The page of the ledger checks. */
@Controller
class LedgerPage {

  private final LedgerChecks checks;
  private final InstantSource clock;

  LedgerPage(LedgerChecks checks, InstantSource clock) {
    this.checks = checks;
    this.clock = clock;
  }

  @GetMapping("/ops/ledger")
  Object page(Format format, Model model) {
    var list = checks.list();
    model.addAttribute("checks", list);
    model.addAttribute("since", checks.since());
    model.addAttribute("holds", checks.holds());
    model.addAttribute("broken", list.stream().filter(LedgerChecks.Check::fails).count());
    model.addAttribute("spans", new OperatorFormats(clock.instant()));
    return new Table(
            List.of("sentence", "checked_at", "broken", "users", "millis"),
            list.stream()
                .<List<?>>map(
                    c ->
                        Table.row(
                            c.sentence(),
                            c.at(),
                            c.broken(),
                            c.users().stream().map(UUID::toString).collect(Collectors.joining(" ")),
                            c.millis()))
                .toList())
        .orPage(format, "operators/ledger");
  }

  @PostMapping("/ops/ledger/check")
  String check(Caller caller) {
    checks.onDemand(caller);
    return "redirect:/ops/ledger";
  }
}
