package dev.behalf.web.work.shares;

import dev.behalf.contract.Environment;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.pages.Site;
import dev.behalf.web.site.preferences.ProblemMessages;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.jobs.Job;
import dev.behalf.web.work.jobs.JobPanel;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.view.RedirectView;

/** The page on which a job's owner creates and revokes its share links. */
@Controller
@RequestMapping("/jobs/{id}/shares")
class SharesPage {

  /** Lives of a link that its owner can choose, in days. */
  private static final List<Integer> DAYS = List.of(1, 7, 30);

  private final Shares shares;
  private final JobPanel jobs;
  private final Site site;
  private final ProblemMessages messages;

  SharesPage(Shares shares, JobPanel jobs, Site site, ProblemMessages messages) {
    this.shares = shares;
    this.jobs = jobs;
    this.site = site;
    this.messages = messages;
  }

  @GetMapping
  Object page(Caller caller, Environment mode, @PathVariable UUID id, Model model) {
    var job = find(caller, id);
    return job.environment() == mode
        ? page(caller, job, model)
        : new RedirectView((mode == Environment.LIVE ? "/test/jobs/" : "/jobs/") + id + "/shares");
  }

  /** Creates a link. The response is the only page that ever shows its address. */
  @PostMapping
  String create(
      Caller caller,
      @PathVariable UUID id,
      @RequestParam(defaultValue = "7") int days,
      Model model,
      HttpServletRequest request,
      HttpServletResponse response) {
    var job = find(caller, id);
    try {
      var life = Duration.ofDays(DAYS.contains(days) ? days : DAYS.getFirst());
      var token = shares.create(caller, id, life);
      model.addAttribute("link", site.address(request) + "/shared/" + token);
      response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    } catch (Problem problem) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      model.addAttribute("fault", messages.of(problem));
    }
    return page(caller, job, model);
  }

  @PostMapping("/{share}/removal")
  String revoke(Caller caller, @PathVariable UUID id, @PathVariable UUID share) {
    shares.revoke(caller, id, share);
    return "redirect:/jobs/" + id + "/shares";
  }

  private String page(Caller caller, Job job, Model model) {
    model.addAttribute("jobId", job.id());
    model.addAttribute("shares", shares.list(caller.userId(), job.id()));
    model.addAttribute("days", DAYS);
    return "shares";
  }

  private Job find(Caller caller, UUID id) {
    return jobs.find(caller, id).orElseThrow(Problem::notFound);
  }
}
