package dev.behalf.web.operators.console;

import dev.behalf.web.site.export.Format;
import dev.behalf.web.site.export.Table;
import java.time.InstantSource;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The page of the workers and their last heartbeats. */
@Controller
class WorkersPage {

  private final Workers workers;
  private final InstantSource clock;

  WorkersPage(Workers workers, InstantSource clock) {
    this.workers = workers;
    this.clock = clock;
  }

  @GetMapping("/ops/workers")
  Object page(Format format, Model model) {
    var seen = workers.list();
    model.addAttribute("workers", seen);
    model.addAttribute("spans", new OperatorFormats(clock.instant()));
    return new Table(
            List.of(
                "id",
                "name",
                "version",
                "started_at",
                "heard_at",
                "in_hand",
                "done",
                "rate",
                "silent"),
            seen.stream()
                .<List<?>>map(
                    w ->
                        Table.row(
                            w.id(),
                            w.name(),
                            w.version(),
                            w.startedAt(),
                            w.heardAt(),
                            w.inHand(),
                            w.done(),
                            w.rate(),
                            w.isSilent()))
                .toList())
        .orPage(format, "operators/workers");
  }
}
