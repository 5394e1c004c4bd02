package dev.behalf.client;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Reads server-sent events (<a
 * href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML, 9.2</a>) whose data
 * is JSON.
 */
final class EventStream implements AutoCloseable {

  /** Maximum length of the data of an event, in UTF-16 units. */
  private static final int MAX_DATA = 16 * 1024 * 1024;

  private final BoundedLines lines;

  EventStream(InputStream in) {
    this.lines = new BoundedLines(in);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }

  /** Returns the next event, or null at the end of the stream. */
  @Nullable JobEvent next() throws IOException {
    var id = "";
    var name = "";
    var data = new StringBuilder();
    for (var line = lines.next(); line != null; line = lines.next()) {
      if (line.isEmpty() && !name.isEmpty()) {
        return event(id, name, data.toString());
      }
      var colon = line.indexOf(':');
      var value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
      switch (colon < 0 ? line : line.substring(0, colon)) {
        case "id" -> id = value;
        case "event" -> name = value;
        case "data" -> append(data, value);
        default -> {}
      }
    }
    return null;
  }

  private static void append(StringBuilder data, String value) throws IOException {
    if (data.length() + value.length() > MAX_DATA) {
      throw new IOException("an event is longer than " + MAX_DATA);
    }
    data.append(data.isEmpty() ? "" : "\n").append(value);
  }

  private static JobEvent event(String id, String name, String data) throws IOException {
    try {
      return new JobEvent(id, name, Json.MAPPER.readTree(data));
    } catch (JacksonException cut) {
      throw new IOException("an event is no JSON", cut);
    }
  }
}
