package dev.behalf.web.work.batches;

import dev.behalf.contract.Environment;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.export.Csv;
import dev.behalf.web.site.export.Table;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.operations.Operations;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
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
  private static final int PIECE = 1_000;
  private static final int LONGEST_NAME = 120;

  private final Batches batches;
  private final Operations operations;

  BatchesPage(Batches batches, Operations operations) {
    this.batches = batches;
    this.operations = operations;
  }

  @GetMapping
  String list(Caller caller, Environment environment, Model model) {
    model.addAttribute("batches", batches.list(caller.userId(), environment, SHOWN));
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
    var name = name(file);
    try {
      try (var all = file.getInputStream()) {
        Utf8Check.check(all);
      }
      try (var text = new InputStreamReader(file.getInputStream(), StandardCharsets.UTF_8)) {
        return "redirect:/batches/"
            + batches.take(caller.userId(), environment, name, format(name), text);
      }
    } catch (Lines.Unreadable unreadable) {
      return refuse(caller, "batches.fault.unreadable", unreadable.getMessage(), model, response);
    }
  }

  /** Returns the sender's file name without unstorable characters, at most 120 code points. */
  private static String name(MultipartFile file) {
    return Objects.requireNonNullElse(file.getOriginalFilename(), "")
        .strip()
        .codePoints()
        .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE)
        .limit(LONGEST_NAME)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
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

  /** Writes the results: a line for each job, in the order and the format of the file. */
  @GetMapping("/{id}/results")
  void results(Caller caller, @PathVariable UUID id, HttpServletResponse response)
      throws IOException {
    var batch = batches.find(caller.userId(), id).orElseThrow(Problem::notFound);
    response.setContentType(batch.format().contentType() + ";charset=UTF-8");
    response.setHeader(
        "Content-Disposition",
        "attachment; filename=\"results-" + id + "." + batch.format().wire() + "\"");
    var out = response.getWriter();
    if (batch.format() == Batch.Format.CSV) {
      out.write(Csv.line(Outcomes.HEADING));
    }
    var piece = batches.outcomes(caller.userId(), id, 0, PIECE);
    while (!piece.isEmpty()) {
      write(batch.format(), piece, out);
      piece = batches.outcomes(caller.userId(), id, piece.getLast().line(), PIECE);
    }
  }

  private static void write(Batch.Format format, List<Batches.Outcome> outcomes, PrintWriter out) {
    for (var outcome : outcomes) {
      out.write(
          format == Batch.Format.CSV
              ? Csv.line(Outcomes.cells(outcome))
              : Outcomes.json(outcome) + "\n");
    }
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

  /** Formats the outcome of a line. */
  private static final class Outcomes {
    private static final List<String> HEADING =
        List.of("line", "id", "state", "units", "code", "result");

    private Outcomes() {}

    private static List<@Nullable Object> cells(Batches.Outcome outcome) {
      return Table.row(
          outcome.line(),
          outcome.jobId(),
          outcome.state(),
          outcome.units(),
          outcome.code(),
          outcome.result());
    }

    private static String json(Batches.Outcome outcome) {
      var json = new LinkedHashMap<String, @Nullable Object>();
      json.put("line", outcome.line());
      json.put("id", outcome.jobId());
      json.put("state", outcome.state());
      json.put("units", outcome.units());
      json.put("code", outcome.code());
      json.put(
          "result", outcome.result() == null ? null : StrictJson.MAPPER.readTree(outcome.result()));
      return StrictJson.text(json);
    }
  }
}
