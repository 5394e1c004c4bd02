package dev.behalf.cli.api;

import dev.behalf.cli.api.Server.Event;
import dev.behalf.contract.StrictJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Reads server-sent events (<a
 * href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML, 9.2</a>) whose data
 * is JSON.
 */
final class EventStream {

  private final BufferedReader lines;

  EventStream(InputStream in) {
    this.lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  /** Returns the next event, or null at the end of the stream. */
  @Nullable Event next() throws IOException {
    var id = "";
    var name = "";
    var data = new StringBuilder();
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.isEmpty() && !name.isEmpty()) {
        return event(id, name, data.toString());
      }
      var colon = line.indexOf(':');
      var value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
      switch (colon < 0 ? line : line.substring(0, colon)) {
        case "id" -> id = value;
        case "event" -> name = value;
        case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
        default -> {}
      }
    }
    return null;
  }

  private static Event event(String id, String name, String data) throws IOException {
    try {
      return new Event(id, name, StrictJson.MAPPER.readTree(data));
    } catch (JacksonException cut) {
      throw new IOException("an event is no JSON", cut);
    }
  }

  String rest() {
    return lines.lines().collect(Collectors.joining("\n"));
  }
}
