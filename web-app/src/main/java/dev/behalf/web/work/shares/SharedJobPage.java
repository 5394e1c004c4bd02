package dev.behalf.web.work.shares;

import dev.behalf.server.problem.Problem;
import dev.behalf.web.work.jobs.JobPanel;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/**
 * The page that a share link opens: what the job was asked, what it answered, and its timeline. It
 * shows no account, no key, no tag and no metadata, and has no action.
 */
@Controller
class SharedJobPage {

  private final Shares shares;
  private final JobPanel panel;

  SharedJobPage(Shares shares, JobPanel panel) {
    this.shares = shares;
    this.panel = panel;
  }

  @GetMapping("/shared/{token}")
  String page(
      @PathVariable String token, Locale locale, Model model, HttpServletResponse response) {
    var shared = shares.find(token).orElseThrow(Problem::notFound);
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.setHeader("X-Robots-Tag", "noindex, nofollow");
    panel.addJob(shared.job(), locale, model);
    model.addAttribute("expiresAt", shared.expiresAt());
    return "shared-job";
  }
}
