package dev.behalf.web.work.jobs;

import dev.behalf.web.identity.apikeys.Snippets;
import dev.behalf.web.site.pages.Site;
import dev.behalf.web.work.operations.Estimate;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** Shows what a job will cost before it is submitted, and the same job as a call. */
@Component
public class JobPreviews {

  private final Estimate estimate;
  private final Snippets snippets;
  private final Site site;

  JobPreviews(Estimate estimate, Snippets snippets, Site site) {
    this.estimate = estimate;
    this.snippets = snippets;
    this.site = site;
  }

  /**
   * The preview of one job.
   *
   * @param units estimated cost
   * @param metered whether the engine reports the cost, which is at most {@code units}
   */
  record Preview(long units, boolean metered) {}

  /** Adds the preview of a form without violations. */
  public void show(JobForm form, HttpServletRequest request, Model model) {
    if (!form.violations().isEmpty() || form.choices().isEmpty()) {
      return;
    }
    var payload = form.payload();
    model.addAttribute(
        "preview", new Preview(estimate.units(payload), estimate.isMetered(payload)));
    model.addAttribute("snippets", snippets.call(site.address(request), Snippets.NO_KEY, payload));
  }
}
