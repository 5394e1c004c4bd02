package dev.behalf.web.operators.console;

import dev.behalf.web.site.export.Format;
import dev.behalf.web.site.export.Table;
import java.time.InstantSource;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The page of the engine servers and their health. */
@Controller
class EnginesPage {

  private final EngineServers servers;
  private final InstantSource clock;

  EnginesPage(EngineServers servers, InstantSource clock) {
    this.servers = servers;
    this.clock = clock;
  }

  @GetMapping("/ops/engines")
  Object list(Format format, Model model) {
    var listed = servers.list();
    model.addAttribute("servers", listed);
    model.addAttribute("now", clock.instant());
    return new Table(
            List.of(
                "server",
                "operations",
                "failures",
                "open_until",
                "reason",
                "answered_at",
                "failed_at"),
            listed.stream()
                .<List<?>>map(
                    server ->
                        Table.row(
                            server.address(),
                            String.join(" ", server.operations()),
                            server.failures(),
                            server.openUntil(),
                            server.reason(),
                            server.answeredAt(),
                            server.failedAt()))
                .toList())
        .orPage(format, "operators/engines");
  }
}
