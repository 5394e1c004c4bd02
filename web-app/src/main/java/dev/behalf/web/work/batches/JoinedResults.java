package dev.behalf.web.work.batches;

import dev.behalf.web.site.export.Csv;
import dev.behalf.web.site.export.Table;
import dev.behalf.web.work.batches.LineOutcomes.Outcome;
import dev.behalf.web.work.jobs.MainValue;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Writes the rows of a file as CSV, as they were sent and in their order, each with its outcome.
 * JSON lines have no columns: their payload is one.
 */
@Component
class JoinedResults {

  private static final List<String> ADDED =
      List.of("state", "answer", "result", "units", "code", "detail", "job_id");

  private static final List<String> OF_JSON_LINES = List.of("line", "payload");

  /** State of a line whose fault is not stored, because a file has too many. */
  private static final String INVALID = "invalid";

  private static final int PIECE = 1_000;

  private final LineOutcomes outcomes;

  JoinedResults(LineOutcomes outcomes) {
    this.outcomes = outcomes;
  }

  /** Writes all rows, some at a time. */
  void write(UUID userId, Batch batch, HttpServletResponse response) throws IOException {
    response.setContentType(Batch.CSV_TYPE + ";charset=UTF-8");
    response.setHeader(
        "Content-Disposition", "attachment; filename=\"results-" + batch.id() + ".csv\"");
    var heading = outcomes.heading(userId, batch.id());
    if (heading.isEmpty()) {
      writePayloads(userId, batch.id(), response.getWriter());
    } else {
      writeRows(userId, batch.id(), heading, response.getWriter());
    }
  }

  private void writePayloads(UUID userId, UUID batch, PrintWriter out) {
    out.write(Csv.line(headings(OF_JSON_LINES)));
    for (var piece = outcomes.read(userId, batch, 0, PIECE);
        !piece.isEmpty();
        piece = outcomes.read(userId, batch, piece.getLast().line(), PIECE)) {
      for (var outcome : piece) {
        out.write(line(Table.row(outcome.line(), outcome.payload()), outcome));
      }
    }
  }

  private void writeRows(UUID userId, UUID batch, List<String> heading, PrintWriter out) {
    out.write(Csv.line(headings(heading)));
    var found = new InOrder(userId, batch);
    for (var rows = outcomes.rows(userId, batch, 0);
        !rows.isEmpty();
        rows = outcomes.rows(userId, batch, rows.getLast().line())) {
      for (var row : rows) {
        out.write(line(cells(row.text(), heading.size()), found.at(row.line())));
      }
    }
  }

  /** Returns the names of all columns; an added one whose name the file uses gets a number. */
  private static List<String> headings(List<String> heading) {
    var all = new ArrayList<String>(heading);
    var used = new HashSet<String>(heading);
    for (var name : ADDED) {
      var free = name;
      for (int i = 2; !used.add(free); i++) {
        free = name + "_" + i;
      }
      all.add(free);
    }
    return all;
  }

  private static String line(List<? extends @Nullable Object> row, @Nullable Outcome outcome) {
    var cells = new ArrayList<@Nullable Object>(row);
    cells.addAll(
        outcome == null
            ? Table.row(INVALID, null, null, null, null, null, null)
            : Table.row(
                outcome.state(),
                MainValue.of(outcome.result()),
                outcome.result(),
                outcome.units(),
                outcome.code(),
                outcome.detail(),
                outcome.jobId()));
    return Csv.line(cells);
  }

  /** Returns the cells of a row; one that does not fit the heading is whole in its first cell. */
  private static List<String> cells(String text, int count) {
    var cells = CsvLines.cells(text);
    if (cells != null && cells.size() == count) {
      return cells;
    }
    var whole = new ArrayList<>(Collections.nCopies(count, ""));
    whole.set(0, text);
    return whole;
  }

  /** Reads outcomes for lines that are asked for in their order. */
  private final class InOrder {
    private final UUID userId;
    private final UUID batch;
    private List<Outcome> piece;
    private int next;

    InOrder(UUID userId, UUID batch) {
      this.userId = userId;
      this.batch = batch;
      piece = outcomes.read(userId, batch, 0, PIECE);
    }

    @Nullable Outcome at(int line) {
      while (!piece.isEmpty()) {
        if (next == piece.size()) {
          piece = outcomes.read(userId, batch, piece.getLast().line(), PIECE);
          next = 0;
        } else if (piece.get(next).line() < line) {
          next++;
        } else {
          return piece.get(next).line() == line ? piece.get(next) : null;
        }
      }
      return null;
    }
  }
}
