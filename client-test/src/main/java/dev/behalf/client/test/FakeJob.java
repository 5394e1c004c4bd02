package dev.behalf.client.test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A job in memory. Its lock is the object itself, on which those who wait for its end wait. */
final class FakeJob {

  /** The number of the event {@code end}, behind all others. */
  static final long END = 9_000_000_000_000_000L;

  private static final long FIRST = 1_000_000;

  record Event(long id, String name, JsonNode data) {}

  final UUID id = UUID.randomUUID();
  final Instant createdAt = Instant.now();
  private final ObjectNode asked;
  private final List<Event> events = new ArrayList<>();
  private final @Nullable UUID retryOf;
  private String state = "queued";
  private @Nullable JsonNode result;
  private String code = "";
  private String detail = "";
  private @Nullable Instant finishedAt;

  /**
   * A job.
   *
   * @param asked the body of the submission
   */
  FakeJob(ObjectNode asked, @Nullable UUID retryOf) {
    this.asked = asked;
    this.retryOf = retryOf;
  }

  JsonNode payload() {
    return asked.required("payload");
  }

  JsonNode asked() {
    return asked;
  }

  String operation() {
    return payload().required("operation").asString();
  }

  synchronized String state() {
    return state;
  }

  synchronized boolean hasEnded() {
    return finishedAt != null;
  }

  synchronized void say(String name, JsonNode data) {
    if (finishedAt == null) {
      events.add(new Event(FIRST + events.size(), name, data));
      notifyAll();
    }
  }

  void succeed(JsonNode value) {
    end("succeeded", value, "", "");
  }

  void fail(String problem, String what) {
    end("failed", null, problem, what);
  }

  /** Cancels the job and returns whether it was open. */
  boolean cancel() {
    return end("cancelled", null, "", "");
  }

  private synchronized boolean end(
      String how, @Nullable JsonNode value, String problem, String what) {
    if (finishedAt != null) {
      return false;
    }
    state = how;
    result = value;
    code = problem;
    detail = what;
    finishedAt = Instant.now();
    var data = FakeJson.MAPPER.createObjectNode().put("state", how);
    if (!problem.isEmpty()) {
      data.put("code", problem);
    }
    events.add(new Event(END, "end", data));
    notifyAll();
    return true;
  }

  synchronized void dispatch() {
    if (finishedAt == null) {
      state = "running";
    }
  }

  /** Waits for the end, at most so many milliseconds. */
  synchronized void await(long millis) throws InterruptedException {
    var end = System.nanoTime() + millis * 1_000_000;
    while (finishedAt == null && System.nanoTime() < end) {
      wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
    }
  }

  /** Returns the next event behind a number, when there is one; null after a second without. */
  synchronized @Nullable Event next(long after) throws InterruptedException {
    var end = System.nanoTime() + 1_000_000_000L;
    while (true) {
      for (var event : events) {
        if (event.id() > after) {
          return event;
        }
      }
      if (System.nanoTime() >= end) {
        return null;
      }
      wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
    }
  }

  synchronized ObjectNode json() {
    var json = FakeJson.MAPPER.createObjectNode();
    json.put("id", id.toString());
    json.put("environment", asked.path("environment").asString("test"));
    json.put("state", state);
    json.set("payload", payload());
    json.put("operation_version", 1);
    json.put("priority", asked.path("priority").asString("normal"));
    json.put("attempt", state.equals("queued") ? 0 : 1);
    json.putArray("hops").addObject().put("station", "submitted").put("at", createdAt.toString());
    json.put("created_at", createdAt.toString());
    for (var name : List.of("tags", "metadata", "not_before")) {
      if (asked.has(name)) {
        json.set(name, asked.required(name));
      }
    }
    if (retryOf != null) {
      json.put("retry_of", retryOf.toString());
    }
    if (finishedAt != null) {
      json.put("finished_at", finishedAt.toString());
    }
    if (result != null) {
      json.put("units", 1);
      json.set("result", result);
    }
    if (!code.isEmpty()) {
      json.put("code", code).put("detail", detail);
    }
    return json;
  }
}
