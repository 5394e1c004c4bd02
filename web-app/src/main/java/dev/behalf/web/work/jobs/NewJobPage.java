package dev.behalf.web.work.jobs;

import dev.behalf.contract.Environment;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.security.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page to submit a job, with a preview of its cost and of the same job as a call. */
@Controller
class NewJobPage {

  /** Where the playground sends the form: the answer is shown beside it. */
  private static final String HOME = "home";

  private final JobForms forms;
  private final JobPreviews previews;
  private final JobPanel panel;
  private final Submissions submissions;

  NewJobPage(JobForms forms, JobPreviews previews, JobPanel panel, Submissions submissions) {
    this.forms = forms;
    this.previews = previews;
    this.panel = panel;
    this.submissions = submissions;
  }

  /**
   * Shows the form.
   *
   * @param from job whose input the form shows, to run it again with changes
   */
  @GetMapping("/jobs/new")
  String form(
      Caller caller,
      @RequestParam(required = false) @Nullable String operation,
      @RequestParam(required = false) @Nullable UUID from,
      HttpServletRequest request,
      Locale locale,
      Model model) {
    var job = from == null ? null : panel.find(caller, from).orElseThrow(Problem::notFound);
    var form =
        job == null
            ? forms.empty(caller.userId(), operation, locale)
            : forms.of(caller.userId(), job.payload(), locale);
    model.addAttribute("given", from);
    previews.show(form, request, model);
    return show(form, "", model);
  }

  /** Submits the job or, for the form's second button, shows its preview. */
  @PostMapping("/jobs")
  String submit(
      Caller caller,
      Environment environment,
      @RequestParam Map<String, String> sent,
      HttpServletRequest request,
      Locale locale,
      Model model,
      HttpServletResponse response) {
    var form = forms.read(caller.userId(), sent, locale);
    var to = HOME.equals(sent.get("to")) ? HOME : "";
    if (!form.violations().isEmpty()) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      return show(form, to, model);
    }
    if (sent.containsKey("preview")) {
      previews.show(form, request, model);
      return show(form, to, model);
    }
    var accepted =
        submissions.submit(
            caller.userId(),
            Submission.now(
                environment,
                form.payload(),
                form.idempotencyKey(environment),
                null,
                caller.actor().credential()));
    var id = accepted.job().id();
    return to.equals(HOME) ? "redirect:/home?job=" + id + "#answer" : "redirect:/jobs/" + id;
  }

  /** Returns the preview alone, for the page's script while the user types. */
  @PostMapping("/jobs/preview")
  String preview(
      Caller caller,
      @RequestParam Map<String, String> sent,
      HttpServletRequest request,
      Locale locale,
      Model model) {
    previews.show(forms.read(caller.userId(), sent, locale), request, model);
    return "fragments/jobform :: preview";
  }

  private static String show(JobForm form, String to, Model model) {
    model.addAttribute("form", form);
    model.addAttribute("to", to);
    return "new-job";
  }
}
