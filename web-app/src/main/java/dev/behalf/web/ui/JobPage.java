package dev.behalf.web.ui;

import dev.behalf.contract.ProblemCode;
import dev.behalf.problem.Problem;
import dev.behalf.web.accounts.SignedIn;
import dev.behalf.web.jobs.Cancellations;
import dev.behalf.web.jobs.Jobs;
import dev.behalf.web.jobs.Waiting;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** One job and its way. */
@Controller
@RequestMapping("/jobs/{id}")
class JobPage {

  private final Jobs jobs;
  private final Waiting waiting;
  private final Cancellations cancellations;
  private final InstantSource clock;

  JobPage(Jobs jobs, Waiting waiting, Cancellations cancellations, InstantSource clock) {
    this.jobs = jobs;
    this.waiting = waiting;
    this.cancellations = cancellations;
    this.clock = clock;
  }

  @GetMapping
  String page(@AuthenticationPrincipal SignedIn user, @PathVariable UUID id, Model model) {
    show(user, id, model);
    return "job";
  }

  @GetMapping("/view")
  String view(@AuthenticationPrincipal SignedIn user, @PathVariable UUID id, Model model) {
    show(user, id, model);
    return "fragments/job :: detail";
  }

  /** What has ended meanwhile is shown as it ended: there is nothing to be done about it. */
  @PostMapping("/cancellation")
  String cancel(@AuthenticationPrincipal SignedIn user, @PathVariable UUID id) {
    try {
      cancellations.cancel(user.id(), id);
    } catch (Problem problem) {
      if (problem.code() != ProblemCode.JOB_ENDED) {
        throw problem;
      }
    }
    return "redirect:/jobs/" + id;
  }

  private void show(SignedIn user, UUID id, Model model) {
    var job = jobs.find(user.id(), id).orElseThrow(Problem::notFound);
    model.addAttribute("job", JobView.of(job, jobs.maxAttempts(), clock.instant()));
    model.addAttribute("waiting", waiting.why(user.id(), job).orElse(null));
  }
}
