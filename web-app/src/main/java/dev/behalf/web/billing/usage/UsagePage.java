package dev.behalf.web.billing.usage;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Period;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.export.Format;
import dev.behalf.web.site.export.Table;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.jobs.JobQuery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** The usage page: this month's units or jobs by time and group, and a forecast. */
@Controller
class UsagePage {

  private static final Duration HOURS_SHOWN = Duration.ofDays(2);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration FORECAST_NEEDS = Duration.ofDays(8);

  private final Usage usage;
  private final HourlyUsage hours;
  private final KeyNames names;
  private final MessageSource messages;
  private final InstantSource clock;

  UsagePage(
      Usage usage, HourlyUsage hours, KeyNames names, MessageSource messages, InstantSource clock) {
    this.usage = usage;
    this.hours = hours;
    this.names = names;
    this.messages = messages;
    this.clock = clock;
  }

  /** The page's data for programs: the last 48 {@code hours} and the {@code days} of the month. */
  record Report(
      Usage.Quota month,
      String by,
      String counts,
      List<Line> hours,
      List<Line> days,
      List<HourlyUsage.Refusal> refused,
      @Nullable Forecast forecast) {}

  /** The amount of one group in one hour or day; an amount of 0 has no line. */
  record Line(Instant from, String group, long amount) {}

  @GetMapping("/usage/panel")
  String panel(Caller caller, Environment environment, Model model) {
    model.addAttribute("usage", usage.months(caller, environment));
    return "fragments/usage :: panel";
  }

  @GetMapping("/usage")
  Object page(
      Caller caller,
      Environment environment,
      @RequestParam(name = "by") @Nullable String word,
      Format format,
      Locale locale) {
    var by = Grouping.of(word);
    var now = clock.instant();
    var month =
        usage.months(caller, environment).stream().findFirst().orElseThrow(Problem::notFound);
    var period = Period.at(now);
    var known = read(caller, environment, by, period, now);
    var hourly =
        Series.of(
            known,
            by,
            now.truncatedTo(ChronoUnit.HOURS).plus(HOUR).minus(HOURS_SHOWN),
            now.truncatedTo(ChronoUnit.HOURS).plus(HOUR),
            HOUR);
    var daily = Series.of(known, by, period.start(), period.end(), DAY);
    var refused = hours.refused(caller.userId(), environment, period);
    var forecast =
        by == Grouping.STATE ? null : Forecast.of(known, month.used(), period, now).orElse(null);
    if (format != Format.HTML) {
      var report =
          new Report(
              month,
              by.wire(),
              by == Grouping.STATE ? "jobs" : "units",
              lines(hourly),
              lines(daily),
              refused,
              forecast);
      return table(report).answer(format, report, "usage-" + month.period());
    }
    var page = new ModelAndView("usage");
    page.addObject("usage", List.of(month));
    page.addObject("by", by.wire());
    page.addObject("counts", by == Grouping.STATE ? "jobs" : "units");
    page.addObject("period", period.name());
    page.addObject("query", JobQuery.within(period));
    var labels = labels(caller, by, locale, hourly, daily);
    page.addObject("names", labels);
    page.addObject("hourly", hourly);
    page.addObject("daily", daily);
    page.addObject("hours", Chart.hours(hourly, labels, locale));
    page.addObject(
        "days", Chart.days(daily, labels, locale, now, forecast == null ? 0 : forecast.perDay()));
    page.addObject("forecast", forecast);
    page.addObject("refused", refused);
    return page;
  }

  private List<HourlyUsage.Hour> read(
      Caller caller, Environment environment, Grouping by, Period period, Instant now) {
    var since = now.truncatedTo(ChronoUnit.HOURS).minus(FORECAST_NEEDS);
    var from = since.isBefore(period.start()) ? since : period.start();
    return by == Grouping.STATE
        ? hours.ended(caller.userId(), environment, from)
        : hours.charged(caller.userId(), environment, by, from);
  }

  /** Returns the label of each group by the group's id. */
  private Map<String, String> labels(Caller caller, Grouping by, Locale locale, Series... all) {
    var known = by == Grouping.KEY ? names.of(caller.userId()) : Map.<String, String>of();
    var labels = new HashMap<String, String>();
    for (var series : all) {
      for (var group : series.groups()) {
        var label =
            switch (by) {
              case STATE -> messages.getMessage("usage.state." + group.id(), null, locale);
              case DAY -> messages.getMessage("usage.units", null, locale);
              case KEY, OPERATION ->
                  group.isRest()
                      ? messages.getMessage("usage.other", null, locale)
                      : KeyNames.label(known, group.id());
            };
        labels.put(group.id(), label);
      }
    }
    return labels;
  }

  private static List<Line> lines(Series series) {
    var lines = new ArrayList<Line>();
    for (var slot : series.slots()) {
      for (int at = 0; at < series.groups().size(); at++) {
        if (slot.amounts().get(at) > 0) {
          lines.add(new Line(slot.from(), series.groups().get(at).id(), slot.amounts().get(at)));
        }
      }
    }
    return lines;
  }

  private static Table table(Report report) {
    var rows = new ArrayList<List<Object>>();
    report.hours().forEach(line -> rows.add(row("hour", line)));
    report.days().forEach(line -> rows.add(row("day", line)));
    return new Table(List.of("span", "from", report.by(), report.counts()), rows);
  }

  private static List<Object> row(String span, Line line) {
    return List.of(span, line.from(), line.group(), line.amount());
  }
}
