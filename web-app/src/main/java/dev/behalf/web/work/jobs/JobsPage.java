package dev.behalf.web.work.jobs;

import dev.behalf.contract.Environment;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.export.Format;
import dev.behalf.web.site.preferences.ProblemMessages;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.operations.Operations;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * The page of a user's jobs that match a query. Its address contains the whole query, so a user can
 * bookmark it, share it, or request the same list as JSON, CSV or plain text.
 */
@Controller
@RequestMapping("/jobs")
class JobsPage {

  static final int SHOWN = 50;

  /** A greater number of jobs is shown as more than this. */
  private static final int MOST_COUNTED = 10_000;

  private final Jobs jobs;
  private final SavedQueries views;
  private final ActivePauses pauses;
  private final Operations operations;
  private final ProblemMessages messages;
  private final InstantSource clock;

  JobsPage(
      Jobs jobs,
      SavedQueries views,
      ActivePauses pauses,
      Operations operations,
      ProblemMessages messages,
      InstantSource clock) {
    this.jobs = jobs;
    this.views = views;
    this.pauses = pauses;
    this.operations = operations;
    this.messages = messages;
    this.clock = clock;
  }

  @GetMapping
  @Nullable String list(
      Caller caller,
      Environment environment,
      @RequestParam(defaultValue = "") String q,
      @RequestParam(required = false) @Nullable UUID before,
      @RequestParam(required = false) @Nullable Integer retried,
      @RequestParam(required = false) @Nullable Integer cancelled,
      @RequestParam(defaultValue = "0") int skipped,
      Format format,
      Model model,
      HttpServletResponse response)
      throws IOException {
    if (format != Format.HTML) {
      var query = JobQuery.parse(q, clock.instant());
      response.setContentType(format.contentType());
      JobExport.write(
          format,
          response.getWriter(),
          clock.instant(),
          (older, most) -> jobs.list(caller.userId(), environment, query, older, most));
      return null;
    }
    if (retried != null || cancelled != null) {
      model.addAttribute("done", retried != null ? "retried" : "cancelled");
      model.addAttribute("doneCount", retried != null ? retried : cancelled);
      model.addAttribute("skipped", skipped);
    }
    model.addAttribute("q", q.strip());
    model.addAttribute("views", views.list(caller.userId()));
    model.addAttribute("states", JobQuery.stateNames());
    model.addAttribute("operations", operations.of(caller.userId()));
    model.addAttribute("isFirst", before == null);
    model.addAttribute("pauses", pauses.of(caller.userId(), environment));
    try {
      var query = JobQuery.parse(q, clock.instant());
      model.addAttribute("filters", Filters.of(query));
      var found = rows(caller, environment, query, before, SHOWN, model);
      // All on one page are counted already; a search would run twice to find few.
      model.addAttribute(
          "count",
          before == null && found.next() == null
              ? found.jobs().size()
              : jobs.count(caller.userId(), environment, query, MOST_COUNTED));
    } catch (Problem fault) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      model.addAttribute("fault", messages.of(fault));
    }
    return "jobs";
  }

  /** Returns only the rows, to refresh an open page. */
  @GetMapping("/rows")
  String rows(
      Caller caller,
      Environment environment,
      @RequestParam(defaultValue = "") String q,
      @RequestParam(required = false) @Nullable UUID before,
      @RequestParam(defaultValue = "" + SHOWN) int size,
      Model model) {
    rows(
        caller,
        environment,
        JobQuery.parse(q, clock.instant()),
        before,
        Math.clamp(size, 1, SHOWN),
        model);
    return "fragments/jobs :: rows";
  }

  @PostMapping("/views")
  String keep(Caller caller, @RequestParam String name, @RequestParam(defaultValue = "") String q) {
    views.keep(caller.userId(), name, JobQuery.parse(q, clock.instant()));
    return "redirect:/jobs?q=" + encoded(q);
  }

  @PostMapping("/views/removal")
  String drop(Caller caller, @RequestParam String name) {
    views.drop(caller.userId(), name);
    return "redirect:/jobs";
  }

  private Jobs.Page rows(
      Caller caller,
      Environment environment,
      JobQuery query,
      @Nullable UUID before,
      int size,
      Model model) {
    var now = clock.instant();
    var found = jobs.list(caller.userId(), environment, query, before, size);
    model.addAttribute("jobs", found.jobs().stream().map(job -> JobRow.of(job, now)).toList());
    model.addAttribute(
        "src",
        "/jobs/rows?size="
            + size
            + "&q="
            + encoded(query.text())
            + (before == null ? "" : "&before=" + before));
    model.addAttribute("next", found.next());
    model.addAttribute("selectable", size == SHOWN);
    model.addAttribute("search", query.isSearch());
    model.addAttribute("filtered", before != null || !query.text().isEmpty());
    return found;
  }

  static String encoded(String value) {
    return java.net.URLEncoder.encode(value, java.nio.charset.StandardCharsets.UTF_8);
  }
}
