package dev.behalf.web.work.jobs;

import dev.behalf.contract.Environment;
import dev.behalf.contract.StrictJson;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.operations.Estimate;
import jakarta.servlet.http.HttpServletResponse;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** The page to submit a job, with a preview of its cost and of the same job as a command. */
@Controller
class NewJobPage {

  private final JobForms forms;
  private final Estimate estimate;
  private final Submissions submissions;

  NewJobPage(JobForms forms, Estimate estimate, Submissions submissions) {
    this.forms = forms;
    this.estimate = estimate;
    this.submissions = submissions;
  }

  /** The estimated cost in units, and the curl command that submits the same job. */
  record Preview(long units, boolean metered, String curl) {}

  @GetMapping("/jobs/new")
  String form(
      Caller caller,
      @RequestParam(required = false) @Nullable String operation,
      Locale locale,
      Model model) {
    return show(forms.empty(caller.userId(), operation, locale), model);
  }

  /** Submits the job or, for the form's second button, shows its preview. */
  @PostMapping("/jobs")
  String submit(
      Caller caller,
      Environment environment,
      @RequestParam Map<String, String> sent,
      Locale locale,
      Model model,
      HttpServletResponse response) {
    var form = forms.read(caller.userId(), sent, locale);
    if (!form.violations().isEmpty()) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      return show(form, model);
    }
    if (sent.containsKey("preview")) {
      model.addAttribute("preview", preview(form, environment));
      return show(form, model);
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
    return "redirect:/jobs/" + accepted.job().id();
  }

  /** Returns the preview alone, for the page's script while the user types. */
  @PostMapping("/jobs/preview")
  String preview(
      Caller caller,
      Environment environment,
      @RequestParam Map<String, String> sent,
      Locale locale,
      Model model) {
    var form = forms.read(caller.userId(), sent, locale);
    model.addAttribute("preview", form.violations().isEmpty() ? preview(form, environment) : null);
    return "fragments/jobform :: preview";
  }

  private static String show(JobForm form, Model model) {
    model.addAttribute("form", form);
    return "new-job";
  }

  private Preview preview(JobForm form, Environment environment) {
    var body = new LinkedHashMap<String, Object>();
    body.put("environment", environment.wire());
    body.put("payload", form.payload());
    var json = StrictJson.text(body);
    var address =
        ServletUriComponentsBuilder.fromCurrentRequest()
            .replacePath("/api/v1/jobs")
            .replaceQuery(null)
            .toUriString();
    return new Preview(
        estimate.units(form.payload()),
        estimate.isMetered(form.payload()),
        "curl "
            + address
            + " \\\n  -H \"Authorization: Api-Key $BEHALF_API_KEY\" \\\n  -H 'Content-Type: application/json' \\\n  -d '"
            + json.replace("'", "'\\''")
            + "'");
  }
}
