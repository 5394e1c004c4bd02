package dev.behalf.web.work.jobs;

import dev.behalf.contract.Environment;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.security.Caller;
import java.util.Locale;
import java.util.UUID;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.view.RedirectView;

/** The page of one job, with its timeline. */
@Controller
@RequestMapping("/jobs/{id}")
class JobPage {

  private final Jobs jobs;
  private final JobPanel panel;
  private final Cancellations cancellations;
  private final Retries retries;

  JobPage(Jobs jobs, JobPanel panel, Cancellations cancellations, Retries retries) {
    this.jobs = jobs;
    this.panel = panel;
    this.cancellations = cancellations;
    this.retries = retries;
  }

  /** Shows a job, or redirects to its address in the other mode, test or live. */
  @GetMapping
  Object page(Caller caller, Environment mode, @PathVariable UUID id, Locale locale, Model model) {
    var job = find(caller, id);
    if (job.environment() != mode) {
      return new RedirectView((mode == Environment.LIVE ? "/test/jobs/" : "/jobs/") + id);
    }
    panel.show(caller, job, locale, model);
    return "job";
  }

  @GetMapping("/view")
  String view(Caller caller, @PathVariable UUID id, Locale locale, Model model) {
    panel.show(caller, find(caller, id), locale, model);
    return "fragments/job :: detail";
  }

  /** Returns what the playground shows of a job. */
  @GetMapping("/panel")
  String panel(Caller caller, @PathVariable UUID id, Locale locale, Model model) {
    panel.show(caller, find(caller, id), locale, model);
    return "fragments/job :: panel";
  }

  /** Cancels a job; if it has ended in the meantime, the job page shows how. */
  @PostMapping("/cancellation")
  String cancel(Caller caller, @PathVariable UUID id) {
    try {
      cancellations.cancel(caller.userId(), id);
    } catch (Problem problem) {
      if (problem.code() != ProblemCode.JOB_ENDED) {
        throw problem;
      }
    }
    return "redirect:/jobs/" + id;
  }

  /** Retries a job and redirects to the new one. */
  @PostMapping("/retry")
  String again(Caller caller, @PathVariable UUID id) {
    var retry = retries.retry(caller.userId(), id, caller.keyId(), caller.actor().credential());
    return "redirect:/jobs/" + retry.job().id();
  }

  private Job find(Caller caller, UUID id) {
    return jobs.find(caller.userId(), id).orElseThrow(Problem::notFound);
  }
}
