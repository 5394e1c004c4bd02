package dev.behalf.web.work.jobs;

import dev.behalf.contract.StrictJson;
import dev.behalf.web.site.export.Csv;
import dev.behalf.web.site.export.Format;
import dev.behalf.web.site.export.Table;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes a list of jobs with their results for programs and spreadsheets, one page of the list at a
 * time.
 */
final class JobExport {

  /** Jobs that are read and written at a time; fewer if they are large. */
  private static final int PIECE = 1_000;

  private static final int MOST = 100_000;

  /** New columns are added at the end, because programs read columns by position. */
  private static final List<String> HEADING =
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
          "metadata",
          "detail",
          "answer",
          "result");

  private JobExport() {}

  /** Reads a page of the list. */
  interface Pages {

    /**
     * Returns the jobs after {@code older}, or the first ones.
     *
     * @param most maximum number of jobs
     */
    Jobs.Page read(@Nullable UUID older, int most);
  }

  /** Writes at most 100,000 jobs, the newest first. */
  static void write(Format format, PrintWriter out, Instant now, Pages pages) {
    if (format == Format.CSV) {
      out.write(Csv.line(HEADING));
    }
    UUID older = null;
    for (int written = 0; written < MOST; ) {
      var piece = pages.read(older, PIECE);
      for (var job : piece.jobs()) {
        out.write(line(format, job, now));
      }
      if (out.checkError()) {
        return;
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
      case CSV -> Csv.line(cells(job, row));
      case PLAIN ->
          "%s  %-10s  %-10s  %8s  %s  %s%n"
              .formatted(
                  row.id(),
                  row.state().wire(),
                  row.operation(),
                  row.units() == null ? "-" : row.units(),
                  row.created().toString().substring(0, 19),
                  row.excerpt().replaceAll("\\s+", " "));
      case HTML, JSON -> StrictJson.text(json(job, row)) + "\n";
    };
  }

  private static List<@Nullable Object> cells(Job job, JobRow row) {
    return Table.row(
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
        job.annotations().metadataColumn(),
        job.detail(),
        MainValue.of(job.result()),
        job.result());
  }

  private static Map<String, @Nullable Object> json(Job job, JobRow row) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("id", row.id());
    json.put("environment", row.environment());
    json.put("state", row.state().wire());
    json.put("payload", job.payload());
    json.put("units", row.units());
    json.put("code", row.code());
    json.put("detail", job.detail());
    json.put("attempt", row.attempt());
    json.put("created_at", row.created());
    json.put("finished_at", row.finished());
    json.put("tags", job.annotations().tags());
    json.put("metadata", job.annotations().metadata());
    json.put("result", job.result() == null ? null : StrictJson.MAPPER.readTree(job.result()));
    return json;
  }
}
