package dev.behalf.compute.runs;

import dev.behalf.contract.StorableText;
import dev.behalf.contract.StrictJson;
import dev.behalf.engine.EngineEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the engine of one run says, until it is written. Parts of the output that come close
 * together are joined; of progress and usage only the latest counts. What one run can have written
 * is bounded.
 */
final class RunLog {

  /** The numbers of one run; its epoch counts the rest. */
  static final long NUMBERS = 1_000_000;

  private static final int MOST_ROWS = 20_000;
  private static final long MOST_BYTES = 4L * 1024 * 1024;

  /** Longest part of the output in one event, in UTF-16 units. */
  private static final int MOST_OF_A_PART = 32 * 1024;

  private static final int MOST_OF_A_MESSAGE = 4_000;

  /** So that ten parts a second, as they come from many models, are not joined. */
  private static final long JOINED_FOR = TimeUnit.MILLISECONDS.toNanos(95);

  private final Run run;
  private final List<Row> waiting = new ArrayList<>();

  /** How many of the waiting rows are being written: these do not change any more. */
  private int taken;

  private long next;
  private int rows;
  private long bytes;
  private boolean isTruncated;
  private long length;
  private long takenAt = System.nanoTime() - JOINED_FOR;

  RunLog(Run run, int attempt) {
    this.run = run;
    this.next = run.epoch() * NUMBERS;
    if (run.epoch() > 1) {
      add("restart", new StringBuilder(StrictJson.text(Map.of("attempt", attempt))));
    }
  }

  Run run() {
    return run;
  }

  /**
   * An event to write.
   *
   * @param text of an output the joined parts, of any other event its JSON
   */
  private record Row(long seq, String name, StringBuilder text) {

    Event event() {
      var json = name.equals("output") ? StrictJson.text(Map.of("delta", text)) : text.toString();
      return new Event(seq, name, json);
    }
  }

  /** An event as it is written. */
  record Event(long seq, String name, String data) {}

  synchronized void add(EngineEvent event) {
    switch (event) {
      case EngineEvent.Output output -> output(output.body().path("delta").stringValue(""));
      case EngineEvent.Progress progress -> latest("progress", bounded(progress.body()));
      case EngineEvent.Usage usage ->
          latest("usage", StrictJson.text(Map.of("units", usage.units())));
      case EngineEvent.Log log -> add("log", new StringBuilder(bounded(log.body())));
    }
  }

  /** Keeps what is defined of an event, with a message of bounded length. */
  private static String bounded(ObjectNode body) {
    var kept = StrictJson.MAPPER.createObjectNode();
    if (body.path("fraction").isNumber()) {
      kept.set("fraction", body.path("fraction"));
    }
    if (body.path("message").isString()) {
      kept.put(
          "message",
          StorableText.shortened(body.path("message").stringValue(""), MOST_OF_A_MESSAGE));
    }
    return kept.toString();
  }

  private void output(String delta) {
    int from = 0;
    while (from < delta.length()) {
      var open = openPart();
      int room = MOST_OF_A_PART - (open == null ? 0 : open.length());
      int to = Math.min(delta.length(), from + room);
      if (to < delta.length() && Character.isHighSurrogate(delta.charAt(to - 1))) {
        to++;
      }
      var part = delta.substring(from, to);
      if (open == null) {
        add("output", new StringBuilder(part));
      } else if (mayAdd(0, escaped(part))) {
        open.append(part);
        length += part.length();
      }
      from = to;
    }
  }

  /** Returns the part of the output that more can be joined to; null if there is none. */
  private @Nullable StringBuilder openPart() {
    var last = waiting.size() > taken ? waiting.getLast() : null;
    return last != null && last.name().equals("output") && last.text().length() < MOST_OF_A_PART
        ? last.text()
        : null;
  }

  private void latest(String name, String data) {
    for (int i = taken; i < waiting.size(); i++) {
      if (waiting.get(i).name().equals(name)) {
        length += data.length() - waiting.get(i).text().length();
        waiting.get(i).text().setLength(0);
        waiting.get(i).text().append(data);
        return;
      }
    }
    add(name, new StringBuilder(data));
  }

  private void add(String name, StringBuilder text) {
    if (mayAdd(1, name.equals("output") ? escaped(text) : text.length())) {
      waiting.add(new Row(next++, name, text));
      length += text.length();
    }
  }

  /** Returns the length of a text as it is stored: a control character takes six as JSON. */
  private static int escaped(CharSequence text) {
    return StrictJson.text(text.toString()).length();
  }

  /** Counts an addition; the first that is too much is replaced by the word that there is more. */
  private boolean mayAdd(int more, int length) {
    if (isTruncated) {
      return false;
    }
    rows += more;
    bytes += length;
    isTruncated = rows > MOST_ROWS || bytes > MOST_BYTES;
    if (isTruncated) {
      waiting.add(new Row(next++, "truncated", new StringBuilder("{}")));
    }
    return !isTruncated;
  }

  synchronized boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Returns the length of what waits, in UTF-16 units. */
  synchronized long length() {
    return length;
  }

  /** Returns whether what waits has waited long enough for more to be joined. */
  synchronized boolean isDue() {
    return !waiting.isEmpty() && System.nanoTime() - takenAt >= JOINED_FOR;
  }

  /** Returns what waits; it stays until {@link #written}. */
  synchronized List<Event> take() {
    taken = waiting.size();
    takenAt = System.nanoTime();
    return waiting.stream().map(Row::event).toList();
  }

  synchronized void written() {
    var rows = waiting.subList(0, taken);
    rows.forEach(row -> length -= row.text().length());
    rows.clear();
    taken = 0;
  }
}
