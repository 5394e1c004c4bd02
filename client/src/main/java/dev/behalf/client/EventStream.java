package dev.behalf.client;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Reads server-sent events (<a
 * href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML, 9.2</a>) whose data
 * is JSON.
 */
final class EventStream implements AutoCloseable {

  /** A stream says every 15 s that it lives. */
  private static final Duration SILENCE = Duration.ofSeconds(45);

  private final InputStream in;
  private final BoundedLines lines;
  private final Thread guard = Thread.ofVirtual().unstarted(this::closeWhenSilent);
  private volatile long heard = System.nanoTime();

  EventStream(InputStream in) {
    this.in = in;
    this.lines = new BoundedLines(in);
    guard.start();
  }

  /** Closes a connection that has died without a word, as after the sleep of a laptop. */
  private void closeWhenSilent() {
    try {
      while (System.nanoTime() - heard < SILENCE.toNanos()) {
        TimeUnit.SECONDS.sleep(1);
      }
      in.close();
    } catch (IOException | InterruptedException closed) {
      // The reader has seen the end.
    }
  }

  @Override
  public void close() throws IOException {
    guard.interrupt();
    in.close();
  }

  /** Returns the next event, or null at the end of the stream. */
  @Nullable JobEvent next() throws IOException {
    var id = "";
    var name = "";
    var data = new StringBuilder();
    for (var line = lines.next(); line != null; line = lines.next()) {
      heard = System.nanoTime();
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

  private static JobEvent event(String id, String name, String data) throws IOException {
    try {
      return new JobEvent(id, name, Json.MAPPER.readTree(data));
    } catch (JacksonException cut) {
      throw new IOException("an event is no JSON", cut);
    }
  }
}
