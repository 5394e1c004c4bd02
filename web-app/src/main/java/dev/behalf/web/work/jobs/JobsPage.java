package dev.behalf.web.work.jobs;

import dev.behalf.contract.Environment;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.export.Csv;
import dev.behalf.web.site.export.Format;
import dev.behalf.web.site.export.Table;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.operations.Operations;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
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

  /** Jobs of a download that are read and written at a time. */
  private static final int PIECE = 1_000;

  /** A greater number of jobs is shown as more than this. */
  private static final int MOST_COUNTED = 10_000;

  private static final int MOST_DOWNLOADED = 100_000;

  private final Jobs jobs;
  private final SavedQueries views;
  private final ActivePauses pauses;
  private final Operations operations;
  private final MessageSource messages;
  private final InstantSource clock;

  JobsPage(
      Jobs jobs,
      SavedQueries views,
      ActivePauses pauses,
      Operations operations,
      MessageSource messages,
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
      write(
          format,
          response.getWriter(),
          older -> jobs.list(caller.userId(), environment, query, older, PIECE));
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
      model.addAttribute("count", jobs.count(caller.userId(), environment, query, MOST_COUNTED));
      rows(caller, environment, query, before, SHOWN, model);
    } catch (Problem fault) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      model.addAttribute("fault", inWords(fault));
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

  private String inWords(Problem fault) {
    var words = fault.words();
    return words == null
        ? fault.detail()
        : messages.getMessage(
            words.key(), words.values().toArray(), LocaleContextHolder.getLocale());
  }

  private void rows(
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
  }

  private void write(Format format, PrintWriter out, Function<@Nullable UUID, Jobs.Page> read) {
    var now = clock.instant();
    if (format == Format.CSV) {
      out.write(
          Csv.line(
              List.of(
                  "id",
                  "environment",
                  "state",
                  "operation",
                  "units",
                  "code",
                  "attempt",
                  "created_at",
                  "finished_at",
                  "text",
                  "tags",
                  "metadata")));
    }
    UUID older = null;
    for (int written = 0; written < MOST_DOWNLOADED; ) {
      var piece = read.apply(older);
      for (var job : piece.jobs()) {
        out.write(line(format, job, now));
      }
      older = piece.next();
      if (older == null) {
        return;
      }
      written += piece.jobs().size();
    }
  }

  /** Formats one job. JSON has one line per job, so that neither side has to hold them all. */
  private static String line(Format format, Job job, Instant now) {
    var row = JobRow.of(job, now);
    return switch (format) {
      case CSV ->
          Csv.line(
              Table.row(
                  row.id(),
                  row.environment(),
                  row.state().wire(),
                  row.operation(),
                  row.units(),
                  row.code(),
                  row.attempt(),
                  row.created(),
                  row.finished(),
                  job.payload().firstText().orElse(""),
                  String.join(" ", job.annotations().tags()),
                  job.annotations().metadataColumn()));
      case PLAIN ->
          "%s  %-10s  %-10s  %8s  %s  %s%n"
              .formatted(
                  row.id(),
                  row.state().wire(),
                  row.operation(),
                  row.units() == null ? "-" : row.units(),
                  row.created().toString().substring(0, 19),
                  row.excerpt().replaceAll("\\s+", " "));
      default -> StrictJson.text(json(job, row)) + "\n";
    };
  }

  private static Map<String, @Nullable Object> json(Job job, JobRow row) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("id", row.id());
    json.put("environment", row.environment());
    json.put("state", row.state().wire());
    json.put("payload", job.payload());
    json.put("units", row.units());
    json.put("code", row.code());
    json.put("attempt", row.attempt());
    json.put("created_at", row.created());
    json.put("finished_at", row.finished());
    json.put("tags", job.annotations().tags());
    json.put("metadata", job.annotations().metadata());
    return json;
  }

  static String encoded(String value) {
    return java.net.URLEncoder.encode(value, java.nio.charset.StandardCharsets.UTF_8);
  }
}
