package dev.behalf.web.billing.usage;

import dev.behalf.contract.Environment;
import dev.behalf.server.security.Scope;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.jobs.ActivePauses;
import dev.behalf.web.work.jobs.JobForms;
import dev.behalf.web.work.jobs.JobPanel;
import dev.behalf.web.work.jobs.JobPreviews;
import dev.behalf.web.work.jobs.JobQuery;
import dev.behalf.web.work.jobs.JobRow;
import dev.behalf.web.work.jobs.Jobs;
import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * The playground, with the answer beside the form, and below it the steps to a first call, the
 * units left, the newest jobs and recent failures.
 */
@Controller
class HomePage {

  static final int JOBS_SHOWN = 10;
  private static final int FAILURES_SHOWN = 5;
  private static final String FAILURES = "state:failed,refused since:7d";

  private final JobForms forms;
  private final JobPreviews previews;
  private final JobPanel panel;
  private final Jobs jobs;
  private final Usage usage;
  private final ActivePauses pauses;
  private final FirstSteps steps;
  private final InstantSource clock;

  HomePage(
      JobForms forms,
      JobPreviews previews,
      JobPanel panel,
      Jobs jobs,
      Usage usage,
      ActivePauses pauses,
      FirstSteps steps,
      InstantSource clock) {
    this.forms = forms;
    this.previews = previews;
    this.panel = panel;
    this.jobs = jobs;
    this.usage = usage;
    this.pauses = pauses;
    this.steps = steps;
    this.clock = clock;
  }

  /**
   * Shows the playground.
   *
   * @param job job whose input the form shows, and whose answer stands beside it
   */
  @GetMapping("/home")
  String home(
      Caller caller,
      Environment environment,
      @RequestParam(required = false) @Nullable String operation,
      @RequestParam(required = false) @Nullable UUID job,
      HttpServletRequest request,
      Locale locale,
      Model model) {
    var shown =
        Optional.ofNullable(job)
            .flatMap(id -> panel.find(caller, id))
            .filter(found -> found.environment() == environment);
    shown.ifPresent(found -> panel.show(caller, found, locale, model));
    var form =
        shown
            .map(found -> forms.of(caller.userId(), found.payload(), locale))
            .orElseGet(() -> forms.empty(caller.userId(), operation, locale));
    var newest = rows(caller, environment, "", JOBS_SHOWN);
    model.addAttribute("form", form);
    model.addAttribute("to", "home");
    model.addAttribute("callsBeside", true);
    previews.show(form, request, model);
    model.addAttribute("pauses", pauses.of(caller.userId(), environment));
    // The first call is usually one for tests, whichever environment the page shows.
    model.addAttribute(
        "steps",
        steps
            .of(caller, at -> at == environment ? newest : rows(caller, at, "", JOBS_SHOWN))
            .orElse(null));
    model.addAttribute("usage", usage.months(caller, environment));
    model.addAttribute("jobs", newest);
    model.addAttribute("src", "/jobs/rows?size=" + JOBS_SHOWN);
    model.addAttribute("failures", rows(caller, environment, FAILURES, FAILURES_SHOWN));
    model.addAttribute("failuresQuery", FAILURES);
    return "home";
  }

  /** Returns no rows if an operator has revoked the user's scope to read jobs. */
  private List<JobRow> rows(Caller caller, Environment environment, String query, int most) {
    if (!caller.scopes().contains(Scope.JOBS_READ)) {
      return List.of();
    }
    var now = clock.instant();
    return jobs
        .list(caller.userId(), environment, JobQuery.parse(query, now), null, most)
        .jobs()
        .stream()
        .map(job -> JobRow.of(job, now))
        .toList();
  }
}
