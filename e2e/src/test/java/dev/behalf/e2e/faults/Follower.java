package dev.behalf.e2e.faults;

import dev.behalf.contract.StrictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;

/** Somebody who follows the events of a job to their end, and goes on after each interruption. */
final class Follower implements Callable<String> {

  private static final Duration BEFORE_ASKING_AGAIN = Duration.ofMillis(200);

  private final Client client;
  private final UUID job;
  private final long sleepsAfter;
  private final Duration sleep;
  private final StringBuilder output = new StringBuilder();
  private long last;
  private String id = "";
  private String event = "";
  private String data = "";
  private boolean hasSlept;
  private boolean isEnded;

  /**
   * Creates a follower.
   *
   * @param sleepsAfter the number of parts after which the connection is closed for some time; 0
   *     for never
   */
  Follower(Client client, UUID job, long sleepsAfter, Duration sleep) {
    this.client = client;
    this.job = job;
    this.sleepsAfter = sleepsAfter;
    this.sleep = sleep;
  }

  /** Returns all parts of the output, one after the other. */
  @Override
  public String call() throws Exception {
    while (!isEnded) {
      try {
        follow();
      } catch (IOException | UncheckedIOException interrupted) {
        Pause.of(BEFORE_ASKING_AGAIN);
      }
    }
    return output.toString();
  }

  private void follow() throws IOException, InterruptedException {
    var response = client.events(job, last);
    id = "";
    try (var lines = response.body()) {
      if (response.statusCode() != 200) {
        isEnded = response.statusCode() == 204;
        throw new IOException("status " + response.statusCode());
      }
      long parts = 0;
      for (var line = lines.iterator(); line.hasNext(); ) {
        parts += hear(line.next());
        if (parts == sleepsAfter && sleepsAfter > 0 && !hasSlept) {
          hasSlept = true;
          break;
        }
      }
    }
    if (hasSlept) {
      Pause.of(sleep);
    }
  }

  /** Hears one line; returns 1 if it was a part of the output. */
  private int hear(String line) {
    if (line.startsWith("event:")) {
      event = line.substring(6).strip();
    } else if (line.startsWith("id:")) {
      id = line.substring(3).strip();
    } else if (line.startsWith("data:")) {
      data = line.substring(5);
    } else if (line.isEmpty() && !id.isEmpty()) {
      return heard();
    }
    return 0;
  }

  /** An event counts when its empty line has come, as in a browser. */
  private int heard() {
    var isOutput = event.equals("output");
    if (isOutput) {
      output.append(StrictJson.MAPPER.readTree(data).path("delta").asString(""));
    }
    isEnded |= event.equals("end");
    last = Long.parseLong(id);
    id = "";
    event = "";
    return isOutput ? 1 : 0;
  }
}
