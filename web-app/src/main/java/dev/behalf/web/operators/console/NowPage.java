package dev.behalf.web.operators.console;

import dev.behalf.contract.Environment;
import dev.behalf.web.operators.console.MinuteFigures.Counts;
import dev.behalf.web.operators.console.MinuteFigures.Minute;
import dev.behalf.web.site.export.Format;
import dev.behalf.web.site.export.Table;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Controller;
import org.springframework.transaction.TransactionException;
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
  private final StatusBar status;
  private final MinuteFigures minutes;
  private final InstantSource clock;

  NowPage(QueueMetrics figures, MinuteFigures minutes, StatusBar status, InstantSource clock) {
    this.figures = figures;
    this.minutes = minutes;
    this.status = status;
    this.clock = clock;
  }

  @GetMapping("/ops")
  Object page(Format format, Model model) {
    List<QueueMetrics.Of> read;
    try {
      read = figures.read();
      model.addAttribute(StatusBar.NAME, status.of(read));
    } catch (DataAccessException | TransactionException slow) {
      read = List.of();
      model.addAttribute(StatusBar.NAME, status.unknown());
    }
    model.addAttribute("figures", read);
    model.addAttribute(
        "hours",
        Arrays.stream(Environment.values())
            .collect(Collectors.toMap(Environment::wire, this::lastHour)));
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

  /** The last 60 minutes of an environment, and their figures as lines. */
  record Hour(List<Minute> minutes, List<Sparkline> lines) {}

  private Hour lastHour(Environment environment) {
    var of = minutes.lastHour(environment);
    var spans = new OperatorFormats(clock.instant());
    return new Hour(
        of,
        List.of(
            Sparkline.of("arrived", of, count(Counts::arrived), spans::whole),
            Sparkline.of("wait", of, Minute::longWait, spans::of),
            Sparkline.of("run", of, Minute::longRun, spans::of),
            Sparkline.of("depth", of, count(Counts::depth), spans::whole),
            Sparkline.of("failed", of, count(Counts::failed), spans::whole)));
  }

  private static Function<Minute, @Nullable Double> count(ToDoubleFunction<Counts> count) {
    return minute -> minute.counts() == null ? null : count.applyAsDouble(minute.counts());
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
