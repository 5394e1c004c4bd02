package dev.behalf.web.operators.console;

import dev.behalf.web.site.export.Format;
import dev.behalf.web.site.export.Table;
import dev.behalf.web.site.security.Caller;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page of the queues, and the actions that pause and resume them. */
@Controller
class QueuesPage {

  private final Queues queues;
  private final InstantSource clock;

  QueuesPage(Queues queues, InstantSource clock) {
    this.queues = queues;
    this.clock = clock;
  }

  @GetMapping("/ops/queues")
  Object page(Format format, Model model) {
    var list = queues.list();
    model.addAttribute("queues", list);
    model.addAttribute("others", queues.others());
    model.addAttribute("pauses", queues.pauses());
    model.addAttribute("spans", new OperatorFormats(clock.instant()));
    return new Table(
            List.of(
                "environment",
                "queued",
                "out",
                "at_broker",
                "consumers",
                "arrived_a_minute",
                "ended_a_minute",
                "paused_at"),
            list.stream().<List<?>>map(QueuesPage::row).toList())
        .orPage(format, "operators/queues");
  }

  /** Pauses one user's jobs, or without a user the whole queue. */
  @PostMapping("/ops/pauses")
  String pause(Caller caller, @RequestParam String environment, @RequestParam @Nullable UUID user) {
    queues.pause(caller, FormValues.environment(environment), user);
    return back(user);
  }

  @PostMapping("/ops/pauses/end")
  String resume(
      Caller caller, @RequestParam String environment, @RequestParam @Nullable UUID user) {
    queues.resume(caller, FormValues.environment(environment), user);
    return back(user);
  }

  private static String back(@Nullable UUID user) {
    return user == null ? "redirect:/ops/queues" : "redirect:/ops/accounts/" + user;
  }

  private static List<@Nullable Object> row(Queues.Queue queue) {
    var of = queue.figures();
    var atBroker = queue.atBroker();
    var pause = queue.pause();
    return Table.row(
        of.environment().wire(),
        of.now().queued(),
        of.now().out(),
        atBroker == null ? null : atBroker.messages(),
        atBroker == null ? null : atBroker.consumers(),
        of.lately().arrivedAMinute(),
        of.lately().endedAMinute(),
        pause == null ? null : pause.pausedAt());
  }
}
