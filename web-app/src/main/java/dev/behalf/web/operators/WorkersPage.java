package dev.behalf.web.operators;

import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;

/** Who works, and when it was last heard of. */
@Controller
class WorkersPage {

  private final Workers workers;
  private final InstantSource clock;

  WorkersPage(Workers workers, InstantSource clock) {
    this.workers = workers;
    this.clock = clock;
  }

  @GetMapping("/ops/workers")
  Object page(
      @RequestHeader(name = HttpHeaders.ACCEPT, required = false) @Nullable String accept,
      Model model) {
    var seen = workers.list();
    model.addAttribute("workers", seen);
    model.addAttribute("spans", new Spans(clock.instant()));
    return new Sheet(
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
                        Sheet.row(
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
        .orPage(accept, "operators/workers");
  }
}
