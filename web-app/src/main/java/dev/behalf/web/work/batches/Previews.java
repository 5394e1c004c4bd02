package dev.behalf.web.work.batches;

import dev.behalf.contract.StorableText;
import dev.behalf.server.operations.Operation;
import dev.behalf.web.work.operations.Estimate;
import dev.behalf.web.work.operations.Operations;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Reads a file as a batch would, and queues nothing. */
@Component
class Previews {

  /** The page shows a choice for each column. */
  static final int MOST_COLUMNS = 100;

  private static final int ROWS = 10;
  private static final int FAULTS = 20;

  /** Longest cell to show, in UTF-16 units. */
  private static final int CELL = 120;

  private final Operations operations;
  private final Estimate estimate;
  private final ReadingSlots slots;

  Previews(Operations operations, Estimate estimate, ReadingSlots slots) {
    this.operations = operations;
    this.estimate = estimate;
    this.slots = slots;
  }

  /**
   * Returns the settings that seem right for a new file.
   *
   * @throws Lines.Unreadable if the file as a whole is unreadable
   */
  Upload.Settings guess(UUID userId, Batch.Format format, Encoding.File file) throws IOException {
    slots.enter(userId);
    try {
      return guessed(userId, format, file);
    } finally {
      slots.leave(userId);
    }
  }

  private Upload.Settings guessed(UUID userId, Batch.Format format, Encoding.File file)
      throws IOException {
    var encoding = Encoding.detect(file);
    if (format == Batch.Format.JSONL) {
      return new Upload.Settings(encoding, "", List.of());
    }
    var columns = Columns.guess(heading(encoding, file), operations.of(userId));
    return new Upload.Settings(encoding, columns.operation(), columns.properties());
  }

  private static List<String> heading(Encoding encoding, Encoding.File file) throws IOException {
    try (var content = file.open()) {
      var heading = CsvLines.heading(encoding.decoded(content));
      if (heading.size() > MOST_COLUMNS) {
        throw new Lines.Unreadable(Misread.MANY_COLUMNS, MOST_COLUMNS);
      }
      return heading;
    }
  }

  /**
   * Reads a whole file.
   *
   * @throws Lines.Unreadable if the file as a whole is unreadable with these settings
   */
  Preview read(UUID userId, Batch.Format format, Upload.Settings settings, Encoding.File file)
      throws IOException {
    slots.enter(userId);
    try {
      settings.encoding().check(file);
      var marked = isMarked(file);
      try (var content = file.open()) {
        var lines =
            Lines.of(
                format,
                settings.encoding().decoded(content),
                settings.chosen(),
                Lines.finder(operations.of(userId)));
        return read(format, marked, lines);
      }
    } finally {
      slots.leave(userId);
    }
  }

  private static boolean isMarked(Encoding.File file) throws IOException {
    try (var content = file.open()) {
      return Records.isMark(content.readNBytes(Records.MARK_BYTES));
    }
  }

  private Preview read(Batch.Format format, boolean marked, Lines lines) throws IOException {
    var rows = new ArrayList<Preview.Row>();
    var faults = new ArrayList<Preview.Skipped>();
    var parts = new TreeMap<String, Preview.Part>();
    var metered = false;
    int count = 0;
    for (var next = lines.next(); next.isPresent(); next = lines.next()) {
      count++;
      if (rows.size() < ROWS) {
        rows.add(row(format, next.get().number(), lines));
      }
      switch (next.get()) {
        case Lines.Invalid invalid -> {
          if (faults.size() < FAULTS) {
            faults.add(Preview.Skipped.of(invalid));
          }
        }
        case Lines.Valid valid -> {
          metered |= isMetered(valid.operation());
          parts.merge(
              valid.operation().name(),
              new Preview.Part(valid.operation().name(), 1, estimate.units(valid.payload())),
              (one, other) ->
                  new Preview.Part(
                      one.operation(), one.jobs() + other.jobs(), one.units() + other.units()));
        }
      }
    }
    return new Preview(
        marked,
        lines.heading().stream().map(Previews::shown).toList(),
        rows,
        count,
        faults,
        metered,
        List.copyOf(parts.values()));
  }

  private static boolean isMetered(Operation operation) {
    return operation.definition().units().isMetered();
  }

  private static Preview.Row row(Batch.Format format, int number, Lines lines) {
    var cells = format == Batch.Format.CSV ? CsvLines.cells(lines.text()) : null;
    var all = cells == null ? List.of(lines.text()) : cells;
    return new Preview.Row(number, all.stream().limit(MOST_COLUMNS).map(Previews::shown).toList());
  }

  /** Returns a text as it can be shown in one line. */
  private static String shown(String text) {
    var line = StorableText.shortened(text, CELL + 1).replaceAll("[\\s\\p{Cntrl}]+", " ");
    return line.length() <= CELL ? line : StorableText.shortened(line, CELL) + "…";
  }
}
