package dev.behalf.web.operators.console;

import dev.behalf.web.site.export.Format;
import dev.behalf.web.site.export.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page of the operators' audit log. */
@Controller
class AuditPage {

  private static final int SHOWN = 50;

  private final OperatorAudit log;

  AuditPage(OperatorAudit log) {
    this.log = log;
  }

  @GetMapping("/ops/audit")
  Object page(@RequestParam @Nullable Long before, Format format, Model model) {
    var entries = log.list(before, SHOWN);
    model.addAttribute("entries", entries);
    model.addAttribute("next", entries.size() < SHOWN ? null : entries.getLast().id());
    return new Table(
            List.of("id", "at", "operator", "action", "about", "address", "details"),
            entries.stream()
                .<List<?>>map(
                    e ->
                        Table.row(
                            e.id(),
                            e.at(),
                            e.operator(),
                            e.action(),
                            e.about(),
                            e.address(),
                            e.details()))
                .toList())
        .orPage(format, "operators/audit");
  }
}
