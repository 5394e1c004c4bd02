package dev.behalf.web.billing.usage;

import dev.behalf.contract.Environment;
import dev.behalf.server.security.Scope;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.jobs.JobForms;
import dev.behalf.web.work.jobs.JobQuery;
import dev.behalf.web.work.jobs.JobRow;
import dev.behalf.web.work.jobs.Jobs;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The dashboard: the job form, the units left, the newest jobs and recent failures. */
@Controller
class HomePage {

  private static final int JOBS_SHOWN = 10;
  private static final int FAILURES_SHOWN = 5;
  private static final String FAILURES = "state:failed,refused since:7d";

  private final JobForms forms;
  private final Jobs jobs;
  private final Usage usage;
  private final InstantSource clock;

  HomePage(JobForms forms, Jobs jobs, Usage usage, InstantSource clock) {
    this.forms = forms;
    this.jobs = jobs;
    this.usage = usage;
    this.clock = clock;
  }

  @GetMapping("/home")
  String home(
      Caller caller,
      Environment environment,
      @RequestParam(required = false) @Nullable String operation,
      Locale locale,
      Model model) {
    model.addAttribute("form", forms.empty(caller.userId(), operation, locale));
    model.addAttribute("usage", usage.months(caller, environment));
    model.addAttribute("jobs", rows(caller, environment, "", JOBS_SHOWN));
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
