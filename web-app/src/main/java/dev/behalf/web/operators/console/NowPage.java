package dev.behalf.web.operators.console;

import dev.behalf.web.site.export.Format;
import dev.behalf.web.site.export.Table;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The console's start page: the queues' metrics and the problems to act on. */
@Controller
class NowPage {

  private static final List<String> COLUMNS =
      List.of(
          "environment",
          "minutes",
          "arrived_a_minute",
          "ended_a_minute",
          "failed_share",
          "wait_p50",
          "wait_p95",
          "run_p50",
          "run_p95",
          "queued",
          "out",
          "oldest",
          "drain_seconds");

  private final QueueMetrics figures;
  private final Alerts alerts;
  private final InstantSource clock;

  NowPage(QueueMetrics figures, Alerts alerts, InstantSource clock) {
    this.figures = figures;
    this.alerts = alerts;
    this.clock = clock;
  }

  @GetMapping("/ops")
  Object page(Format format, Model model) {
    var read = figures.read();
    model.addAttribute("figures", read);
    model.addAttribute("troubles", alerts.look(read));
    model.addAttribute("spans", new OperatorFormats(clock.instant()));
    return new Table(
            COLUMNS,
            read.stream()
                .<List<?>>mapMulti(
                    (of, next) -> {
                      next.accept(row(of, of.lately()));
                      next.accept(row(of, of.hour()));
                    })
                .toList())
        .orPage(format, "operators/now");
  }

  private static List<@Nullable Object> row(QueueMetrics.Of of, QueueMetrics.Flow flow) {
    var times = flow.times();
    return Table.row(
        of.environment().wire(),
        flow.minutes(),
        flow.arrivedAMinute(),
        flow.endedAMinute(),
        flow.failedShare(),
        times == null ? null : times.halfWait(),
        times == null ? null : times.longWait(),
        times == null ? null : times.halfRun(),
        times == null ? null : times.longRun(),
        of.now().queued(),
        of.now().out(),
        of.now().oldest(),
        of.drainSeconds());
  }
}
