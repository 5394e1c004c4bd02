package dev.behalf.web.work.batches;

import dev.behalf.contract.StrictJson;
import dev.behalf.web.site.export.Csv;
import dev.behalf.web.site.export.Table;
import dev.behalf.web.work.batches.LineOutcomes.Outcome;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Writes the outcome of each line of a file, in the order and the format of the file. */
@Component
class BatchResults {

  private static final int PIECE = 1_000;

  private static final List<String> HEADING =
      List.of("line", "id", "state", "units", "code", "detail", "result");

  private final LineOutcomes outcomes;

  BatchResults(LineOutcomes outcomes) {
    this.outcomes = outcomes;
  }

  /** Writes all lines, some at a time. */
  void write(UUID userId, Batch batch, HttpServletResponse response) throws IOException {
    response.setContentType(batch.format().contentType() + ";charset=UTF-8");
    response.setHeader(
        "Content-Disposition",
        "attachment; filename=\"results-" + batch.id() + "." + batch.format().wire() + "\"");
    var out = response.getWriter();
    if (batch.format() == Batch.Format.CSV) {
      out.write(Csv.line(HEADING));
    }
    var piece = outcomes.read(userId, batch.id(), 0, PIECE);
    while (!piece.isEmpty()) {
      for (var outcome : piece) {
        out.write(line(batch.format(), outcome));
      }
      piece = outcomes.read(userId, batch.id(), piece.getLast().line(), PIECE);
    }
  }

  private static String line(Batch.Format format, Outcome outcome) {
    return switch (format) {
      case CSV -> Csv.line(cells(outcome));
      case JSONL -> json(outcome) + "\n";
    };
  }

  private static List<@Nullable Object> cells(Outcome outcome) {
    return Table.row(
        outcome.line(),
        outcome.jobId(),
        outcome.state(),
        outcome.units(),
        outcome.code(),
        outcome.detail(),
        outcome.result());
  }

  private static String json(Outcome outcome) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("line", outcome.line());
    json.put("id", outcome.jobId());
    json.put("state", outcome.state());
    json.put("units", outcome.units());
    json.put("code", outcome.code());
    json.put("detail", outcome.detail());
    json.put(
        "result", outcome.result() == null ? null : StrictJson.MAPPER.readTree(outcome.result()));
    return StrictJson.text(json);
  }
}
