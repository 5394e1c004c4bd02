package dev.behalf.web.work.batches;

import dev.behalf.contract.Environment;
import dev.behalf.contract.WireName;
import dev.behalf.server.operations.Operation;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.preferences.Durations;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.jobs.ActivePauses;
import dev.behalf.web.work.jobs.Annotations;
import dev.behalf.web.work.operations.Operations;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page between the upload of a file and the start of its batch. */
@Controller
@RequestMapping("/batches/uploads/{id}")
class PreviewPage {

  private final Uploads uploads;
  private final Previews previews;
  private final Batches batches;
  private final BatchReader reader;
  private final Operations operations;
  private final QuotaLeft quota;
  private final TimeEstimate times;
  private final ActivePauses pauses;

  PreviewPage(
      Uploads uploads,
      Previews previews,
      Batches batches,
      BatchReader reader,
      Operations operations,
      QuotaLeft quota,
      TimeEstimate times,
      ActivePauses pauses) {
    this.uploads = uploads;
    this.previews = previews;
    this.batches = batches;
    this.reader = reader;
    this.operations = operations;
    this.quota = quota;
    this.times = times;
    this.pauses = pauses;
  }

  /**
   * A column and its choice.
   *
   * @param field name of the form's field
   * @param sample its first cell with content; empty for none
   */
  record Column(String field, String name, String sample, String property) {}

  @GetMapping
  String page(
      Caller caller,
      Environment environment,
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String changed,
      Model model) {
    var found = uploads.find(caller.userId(), environment, id);
    if (found.isEmpty()) {
      return started(caller, id);
    }
    model.addAttribute("changed", changed != null);
    return show(caller, found.get(), found.get().settings(), model);
  }

  /**
   * Starts the batch or, for the form's other button, shows the preview with other settings. A
   * batch with settings that nobody has seen a preview of is not started.
   */
  @PostMapping
  String send(
      Caller caller,
      Environment environment,
      @PathVariable UUID id,
      @RequestParam Map<String, String> sent,
      Model model,
      HttpServletResponse response)
      throws IOException {
    var found = uploads.find(caller.userId(), environment, id);
    if (found.isEmpty()) {
      return started(caller, id);
    }
    var upload = found.get();
    var settings = settings(upload, operations.of(caller.userId()), sent);
    if (settings.equals(upload.settings())) {
      return sent.containsKey("start") ? start(caller, upload) : "redirect:/batches/uploads/" + id;
    }
    var fault = fault(upload.format(), settings);
    if (fault != null) {
      return refuse(caller, upload, settings, fault, null, model, response);
    }
    try {
      var preview =
          previews.read(
              caller.userId(), upload.format(), settings, () -> uploads.open(caller.userId(), id));
      uploads.change(caller.userId(), id, settings, preview);
    } catch (Lines.Unreadable unreadable) {
      return refuse(
          caller,
          upload,
          settings,
          "batches.fault.unreadable",
          unreadable.fault(),
          model,
          response);
    }
    return "redirect:/batches/uploads/" + id + (sent.containsKey("start") ? "?changed" : "");
  }

  @PostMapping("/removal")
  String discard(Caller caller, @PathVariable UUID id) {
    if (!uploads.discard(caller.userId(), id)) {
      throw Problem.notFound();
    }
    return "redirect:/batches/new";
  }

  /** Leads to the batch of a file that has been started, as after a double click. */
  private String started(Caller caller, UUID id) {
    return "redirect:/batches/"
        + batches.byKey(caller.userId(), Upload.idempotencyKey(id)).orElseThrow(Problem::notFound);
  }

  /** Queues the jobs; the file's key makes one batch of it, however often it is started. */
  private String start(Caller caller, Upload upload) throws IOException {
    var asked =
        new NewBatch(
            caller,
            upload.environment(),
            upload.name(),
            upload.format(),
            Upload.idempotencyKey(upload.id()),
            Annotations.NONE,
            upload.settings().chosen());
    uploads.renew(caller.userId(), upload.id());
    try (var content = uploads.open(caller.userId(), upload.id())) {
      var taken = reader.take(asked, upload.settings().encoding().decoded(content));
      uploads.discard(caller.userId(), upload.id());
      return "redirect:/batches/" + taken.id();
    } catch (IOException | Problem failed) {
      if (uploads.find(caller.userId(), upload.environment(), upload.id()).isEmpty()) {
        // Another click has started it, and deleted the file while this one read it.
        return started(caller, upload.id());
      }
      throw failed;
    }
  }

  /**
   * Reads the form. With another operation than the form was drawn for, the columns are chosen by
   * their names again, because the choices were those of the one before.
   */
  private static Upload.Settings settings(
      Upload upload, List<Operation> offered, Map<String, String> sent) {
    var before = upload.settings();
    var encoding = WireName.find(Encoding.class, sent.get("encoding")).orElse(before.encoding());
    if (upload.format() == Batch.Format.JSONL) {
      return new Upload.Settings(encoding, "", List.of());
    }
    var asked = sent.getOrDefault("operation", before.operation());
    var operation = offered.stream().anyMatch(one -> one.name().equals(asked)) ? asked : "";
    if (!operation.equals(sent.getOrDefault("drawn", before.operation()))) {
      var guessed = Columns.guess(upload.preview().heading(), operation, offered);
      return new Upload.Settings(encoding, operation, guessed.properties());
    }
    var known = Columns.properties(operation, offered);
    var columns = new ArrayList<String>();
    for (int i = 0; i < before.columns().size(); i++) {
      var property = sent.getOrDefault(field(i), before.columns().get(i));
      columns.add(known.contains(property) ? property : Columns.NONE);
    }
    return new Upload.Settings(encoding, operation, List.copyOf(columns));
  }

  /** Returns the key of a sentence about settings that make no jobs; null for good ones. */
  private static @Nullable String fault(Batch.Format format, Upload.Settings settings) {
    if (format == Batch.Format.JSONL) {
      return null;
    }
    if (settings.chosen().isAmbiguous()) {
      return "batches.fault.twice";
    }
    return settings.isComplete() ? null : "batches.fault.operation";
  }

  private static String field(int column) {
    return "column." + column;
  }

  private String refuse(
      Caller caller,
      Upload upload,
      Upload.Settings asked,
      String fault,
      @Nullable Fault detail,
      Model model,
      HttpServletResponse response) {
    response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
    model.addAttribute("fault", fault);
    model.addAttribute("detail", detail);
    return show(caller, upload, asked, model);
  }

  /** Shows the stored preview; {@code settings} are what the form shows. */
  private String show(Caller caller, Upload upload, Upload.Settings settings, Model model) {
    var offered = operations.of(caller.userId());
    var preview = upload.preview();
    model.addAttribute("upload", upload);
    model.addAttribute("preview", preview);
    model.addAttribute("settings", settings);
    model.addAttribute("encodings", Encoding.values());
    model.addAttribute("operations", offered.stream().map(Operation::name).toList());
    model.addAttribute("properties", Columns.properties(settings.operation(), offered));
    model.addAttribute("columns", columns(preview, settings));
    model.addAttribute("left", quota.of(caller.userId(), upload.environment()));
    model.addAttribute("paused", !pauses.of(caller.userId(), upload.environment()).isEmpty());
    switch (times.of(caller.userId(), upload.environment(), preview.parts())) {
      case TimeEstimate.Known known -> {
        model.addAttribute("known", known);
        model.addAttribute("time", Durations.rounded(known.time()));
      }
      case TimeEstimate.Unknown unknown -> model.addAttribute("unknown", unknown.operation());
    }
    return "batch-preview";
  }

  private static List<Column> columns(Preview preview, Upload.Settings settings) {
    var columns = new ArrayList<Column>();
    for (int i = 0; i < settings.columns().size(); i++) {
      int at = i;
      columns.add(
          new Column(
              field(i),
              preview.heading().get(i),
              preview.rows().stream()
                  .flatMap(
                      row -> row.cells().size() > at ? Stream.of(row.cells().get(at)) : Stream.of())
                  .filter(cell -> !cell.isBlank())
                  .findFirst()
                  .orElse(""),
              settings.columns().get(i)));
    }
    return columns;
  }
}
