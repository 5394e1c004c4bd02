package dev.behalf.web.ui;

import dev.behalf.contract.Environment;
import dev.behalf.doors.Scope;
import dev.behalf.web.doors.Caller;
import dev.behalf.web.jobs.Jobs;
import dev.behalf.web.jobs.Submission;
import dev.behalf.web.usage.Usage;
import jakarta.servlet.http.HttpServletResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;

/** The dashboard: the button, what is left, and what became of it. */
@Controller
class HomePage {

  private static final int JOBS_SHOWN = 25;

  private final Jobs jobs;
  private final Usage usage;
  private final InstantSource clock;

  HomePage(Jobs jobs, Usage usage, InstantSource clock) {
    this.jobs = jobs;
    this.usage = usage;
    this.clock = clock;
  }

  record Quota(String environment, String period, long used, long limit, long left, int percent) {}

  @GetMapping("/home")
  String home(Caller caller, Model model) {
    return page(caller, model, JobForm.empty(UUID.randomUUID().toString()), Map.of());
  }

  @PostMapping("/jobs")
  String submit(Caller caller, JobForm form, Model model, HttpServletResponse response) {
    var payload = form.payload();
    var fault = payload.fault();
    if (fault.isPresent()) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      return page(
          caller, model, form, Map.of(JobForm.field(fault.get()), JobForm.sentence(fault.get())));
    }
    var job =
        jobs.submit(
            caller.userId(),
            Submission.now(
                form.isTest() ? Environment.TEST : Environment.LIVE,
                payload,
                form.idempotencyKey(),
                null));
    return "redirect:/jobs/" + job.id();
  }

  @GetMapping("/jobs/rows")
  String rows(Caller caller, Model model) {
    model.addAttribute("jobs", jobs(caller));
    return "fragments/jobs :: rows";
  }

  @GetMapping("/usage/panel")
  String usage(Caller caller, Model model) {
    model.addAttribute("usage", quota(caller));
    return "fragments/usage :: panel";
  }

  private String page(Caller caller, Model model, JobForm form, Map<String, String> faults) {
    model.addAttribute("form", form);
    model.addAttribute("faults", faults);
    model.addAttribute("usage", quota(caller));
    model.addAttribute("jobs", jobs(caller));
    return "home";
  }

  /** What an operator has taken from the user is not shown here either. */
  private List<JobView> jobs(Caller caller) {
    if (!caller.scopes().contains(Scope.JOBS_READ)) {
      return List.of();
    }
    var now = clock.instant();
    return jobs.list(caller.userId(), null, null, JOBS_SHOWN).stream()
        .map(job -> JobView.of(job, jobs.maxAttempts(), now))
        .toList();
  }

  private List<Quota> quota(Caller caller) {
    if (!caller.scopes().contains(Scope.USAGE_READ)) {
      return List.of();
    }
    return usage.of(caller.userId()).stream()
        .map(
            month ->
                new Quota(
                    month.environment().wire(),
                    month.period(),
                    month.used(),
                    month.limit(),
                    month.left(),
                    month.limit() == 0
                        ? 100
                        : (int) Math.min(100, month.used() * 100 / month.limit())))
        .toList();
  }
}
