package dev.behalf.web.work.batches;

import dev.behalf.contract.Environment;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.operations.Operations;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;

/** The pages to upload a file of jobs, follow its batch and download the outcome of each line. */
@Controller
@RequestMapping("/batches")
class BatchesPage {

  private static final int SHOWN = 50;
  private static final int FAULTS_SHOWN = 50;

  private final Batches batches;
  private final Uploads uploads;
  private final Previews previews;
  private final LineOutcomes outcomes;
  private final BatchResults results;
  private final JoinedResults joined;
  private final Operations operations;

  BatchesPage(
      Batches batches,
      Uploads uploads,
      Previews previews,
      LineOutcomes outcomes,
      BatchResults results,
      JoinedResults joined,
      Operations operations) {
    this.batches = batches;
    this.uploads = uploads;
    this.previews = previews;
    this.outcomes = outcomes;
    this.results = results;
    this.joined = joined;
    this.operations = operations;
  }

  @GetMapping
  String list(Caller caller, Environment environment, Model model) {
    model.addAttribute("batches", batches.list(caller.userId(), environment, null, SHOWN));
    return "batches";
  }

  @GetMapping("/new")
  String form(Caller caller, Environment environment, Model model) {
    return show(caller, environment, model);
  }

  /** Keeps a file, reads it for its preview, and redirects to that. Nothing is queued yet. */
  @PostMapping
  String take(
      Caller caller,
      Environment environment,
      @RequestParam MultipartFile file,
      Model model,
      HttpServletResponse response)
      throws IOException {
    if (file.isEmpty()) {
      return refuse(caller, environment, "batches.fault.empty", null, model, response);
    }
    var name = Objects.requireNonNullElse(file.getOriginalFilename(), "");
    var format = format(name);
    try {
      var settings = previews.guess(caller.userId(), format, file::getInputStream);
      var preview = previews.read(caller.userId(), format, settings, file::getInputStream);
      try (var content = file.getInputStream()) {
        return "redirect:/batches/uploads/"
            + uploads.keep(caller.userId(), environment, name, format, settings, preview, content);
      }
    } catch (Lines.Unreadable unreadable) {
      return refuse(
          caller, environment, "batches.fault.unreadable", unreadable.fault(), model, response);
    }
  }

  @GetMapping("/{id}")
  String page(
      Caller caller,
      @PathVariable UUID id,
      @RequestParam(defaultValue = "0") int after,
      Model model) {
    show(caller, id, after, model);
    return "batch";
  }

  /** Returns the part of the page that changes. */
  @GetMapping("/{id}/progress")
  String progress(
      Caller caller,
      @PathVariable UUID id,
      @RequestParam(defaultValue = "0") int after,
      Model model) {
    show(caller, id, after, model);
    return "fragments/batch :: progress";
  }

  /** Writes the outcome of each line, in the order and the format of the file. */
  @GetMapping("/{id}/results")
  void results(Caller caller, @PathVariable UUID id, HttpServletResponse response)
      throws IOException {
    results.write(caller.userId(), visible(caller, id), response);
  }

  /** Writes the rows as they were sent, each with its outcome. */
  @GetMapping("/{id}/results.csv")
  void joined(Caller caller, @PathVariable UUID id, HttpServletResponse response)
      throws IOException {
    joined.write(caller.userId(), visible(caller, id), response);
  }

  /** Adds a batch, and the faults of the lines after line {@code after}. */
  private void show(Caller caller, UUID id, int after, Model model) {
    model.addAttribute("batch", visible(caller, id));
    model.addAttribute("progress", batches.progress(caller.userId(), id));
    var faults = outcomes.faults(caller.userId(), id, after, FAULTS_SHOWN + 1);
    var shown = faults.subList(0, Math.min(FAULTS_SHOWN, faults.size()));
    model.addAttribute("faults", shown);
    model.addAttribute("after", after);
    model.addAttribute("isFirst", after == 0);
    model.addAttribute("next", faults.size() > FAULTS_SHOWN ? shown.getLast().line() : null);
  }

  private Batch visible(Caller caller, UUID id) {
    return batches.find(caller.userId(), id).orElseThrow(Problem::notFound);
  }

  private static Batch.Format format(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(".csv") ? Batch.Format.CSV : Batch.Format.JSONL;
  }

  private String refuse(
      Caller caller,
      Environment environment,
      String fault,
      @Nullable Fault detail,
      Model model,
      HttpServletResponse response) {
    response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
    model.addAttribute("fault", fault);
    model.addAttribute("detail", detail);
    return show(caller, environment, model);
  }

  private String show(Caller caller, Environment environment, Model model) {
    model.addAttribute("uploads", uploads.list(caller.userId(), environment));
    model.addAttribute("samples", Samples.of(operations.of(caller.userId())));
    return "new-batch";
  }
}
