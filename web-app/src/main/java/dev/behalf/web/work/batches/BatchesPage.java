package dev.behalf.web.work.batches;

import dev.behalf.contract.Environment;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.jobs.Annotations;
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

/** The pages to send a file of jobs, follow its progress and download the outcome of each line. */
@Controller
@RequestMapping("/batches")
class BatchesPage {

  private static final int SHOWN = 50;
  private static final int FAULTS_SHOWN = 100;

  private final Batches batches;
  private final BatchReader reader;
  private final BatchResults results;
  private final Operations operations;

  BatchesPage(Batches batches, BatchReader reader, BatchResults results, Operations operations) {
    this.batches = batches;
    this.reader = reader;
    this.results = results;
    this.operations = operations;
  }

  @GetMapping
  String list(Caller caller, Environment environment, Model model) {
    model.addAttribute("batches", batches.list(caller.userId(), environment, null, SHOWN));
    return "batches";
  }

  @GetMapping("/new")
  String form(Caller caller, Model model) {
    return show(caller, model);
  }

  /** Queues the jobs of a file and redirects to the page of its batch. */
  @PostMapping
  String take(
      Caller caller,
      Environment environment,
      @RequestParam MultipartFile file,
      Model model,
      HttpServletResponse response)
      throws IOException {
    if (file.isEmpty()) {
      return refuse(caller, "batches.fault.empty", null, model, response);
    }
    var name = Objects.requireNonNullElse(file.getOriginalFilename(), "");
    try {
      try (var all = file.getInputStream()) {
        Utf8Check.check(all);
      }
      var asked = new NewBatch(caller, environment, name, format(name), null, Annotations.NONE);
      try (var text = file.getInputStream()) {
        return "redirect:/batches/" + reader.take(asked, text).id();
      }
    } catch (Lines.Unreadable unreadable) {
      return refuse(caller, "batches.fault.unreadable", unreadable.getMessage(), model, response);
    }
  }

  @GetMapping("/{id}")
  String page(Caller caller, @PathVariable UUID id, Model model) {
    show(caller, id, model);
    model.addAttribute("faults", batches.faults(caller.userId(), id, FAULTS_SHOWN));
    return "batch";
  }

  /** Returns the part of the page that changes. */
  @GetMapping("/{id}/progress")
  String progress(Caller caller, @PathVariable UUID id, Model model) {
    show(caller, id, model);
    return "fragments/batch :: progress";
  }

  /** Writes the results: a line for each line, in the order and the format of the file. */
  @GetMapping("/{id}/results")
  void results(Caller caller, @PathVariable UUID id, HttpServletResponse response)
      throws IOException {
    results.write(
        caller.userId(),
        batches.find(caller.userId(), id).orElseThrow(Problem::notFound),
        response);
  }

  private void show(Caller caller, UUID id, Model model) {
    var batch = batches.find(caller.userId(), id).orElseThrow(Problem::notFound);
    model.addAttribute("batch", batch);
    model.addAttribute("progress", batches.progress(caller.userId(), id));
  }

  private static Batch.Format format(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(".csv") ? Batch.Format.CSV : Batch.Format.JSONL;
  }

  private String refuse(
      Caller caller,
      String fault,
      @Nullable String detail,
      Model model,
      HttpServletResponse response) {
    response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
    model.addAttribute("fault", fault);
    model.addAttribute("detail", detail);
    return show(caller, model);
  }

  private String show(Caller caller, Model model) {
    model.addAttribute("samples", Samples.of(operations.of(caller.userId())));
    return "new-batch";
  }
}
