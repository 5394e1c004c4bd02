package dev.behalf.web.ui;

import dev.behalf.problem.Problem;
import dev.behalf.web.accounts.SignedIn;
import dev.behalf.web.jobs.Jobs;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;

/** One job and its way. */
@Controller
@RequestMapping("/jobs/{id}")
class JobPage {

  private final Jobs jobs;
  private final InstantSource clock;

  JobPage(Jobs jobs, InstantSource clock) {
    this.jobs = jobs;
    this.clock = clock;
  }

  @GetMapping
  String page(@AuthenticationPrincipal SignedIn user, @PathVariable UUID id, Model model) {
    model.addAttribute("job", job(user, id));
    return "job";
  }

  @GetMapping("/view")
  String view(@AuthenticationPrincipal SignedIn user, @PathVariable UUID id, Model model) {
    model.addAttribute("job", job(user, id));
    return "fragments/job :: detail";
  }

  private JobView job(SignedIn user, UUID id) {
    return jobs.find(user.id(), id)
        .map(job -> JobView.of(job, jobs.maxAttempts(), clock.instant()))
        .orElseThrow(Problem::notFound);
  }
}
