package dev.behalf.web.work.jobs;

import dev.behalf.contract.Environment;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.events.EventRows;
import dev.behalf.web.work.events.RunSoFar;
import java.time.InstantSource;
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
  private final WaitReasons waiting;
  private final Cancellations cancellations;
  private final Retries retries;
  private final EventRows events;
  private final InstantSource clock;

  JobPage(
      Jobs jobs,
      WaitReasons waiting,
      Cancellations cancellations,
      Retries retries,
      EventRows events,
      InstantSource clock) {
    this.jobs = jobs;
    this.waiting = waiting;
    this.cancellations = cancellations;
    this.retries = retries;
    this.events = events;
    this.clock = clock;
  }

  /** Shows a job, or redirects to its address in the other mode, test or live. */
  @GetMapping
  Object page(Caller caller, Environment mode, @PathVariable UUID id, Model model) {
    var job = find(caller, id);
    if (job.environment() != mode) {
      return new RedirectView((mode == Environment.LIVE ? "/test/jobs/" : "/jobs/") + id);
    }
    show(caller, job, model);
    return "job";
  }

  @GetMapping("/view")
  String view(Caller caller, @PathVariable UUID id, Model model) {
    show(caller, find(caller, id), model);
    return "fragments/job :: detail";
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

  private void show(Caller caller, Job job, Model model) {
    if (job.state().isFinal() && !caller.isViewed()) {
      jobs.shown(caller.userId(), job.id());
    }
    model.addAttribute("job", JobView.of(job, jobs.maxAttempts(job), clock.instant()));
    model.addAttribute(
        "run",
        job.pool().isOfOperation()
            ? events.soFar(caller.userId(), job.id(), job.environment())
            : RunSoFar.NOTHING);
    model.addAttribute("waiting", waiting.why(caller.userId(), job).orElse(null));
  }
}
