package dev.behalf.client.test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A batch in memory. */
final class FakeBatch {

  /**
   * A line of the file.
   *
   * @param job null if the line is invalid
   */
  record Line(int number, @Nullable FakeJob job, String fault) {}

  final UUID id = UUID.randomUUID();
  final String file;
  private final String name;
  private final String environment;
  private final Instant createdAt = Instant.now();
  private final List<Line> lines = new ArrayList<>();

  FakeBatch(String file, String name, String environment) {
    this.file = file;
    this.name = name;
    this.environment = environment;
  }

  void add(Line line) {
    lines.add(line);
  }

  List<FakeJob> jobs() {
    var jobs = new ArrayList<FakeJob>();
    for (var line : lines) {
      if (line.job() != null) {
        jobs.add(line.job());
      }
    }
    return jobs;
  }

  ObjectNode json() {
    var json = FakeJson.MAPPER.createObjectNode();
    json.put("id", id.toString());
    json.put("environment", environment);
    json.put("name", name);
    json.put("format", "jsonl");
    json.put("lines", lines.size());
    json.put("queued", jobs().size());
    json.put("complete", true);
    var states = new TreeMap<String, Integer>();
    jobs().forEach(job -> states.merge(job.state(), 1, Integer::sum));
    var counted = json.putObject("jobs");
    states.forEach(counted::put);
    var invalid = json.putArray("invalid_lines");
    for (var line : lines) {
      if (line.job() == null) {
        invalid.addObject().put("line", line.number()).put("fault", line.fault());
      }
    }
    json.put("created_at", createdAt.toString());
    if (jobs().stream().allMatch(FakeJob::hasEnded)) {
      json.put("completed_at", Instant.now().toString());
    }
    return json;
  }

  /** Returns what became of each line, as JSON lines. */
  String results() {
    var results = new StringBuilder();
    for (var line : lines) {
      var json = FakeJson.MAPPER.createObjectNode().put("line", line.number());
      if (line.job() == null) {
        json.put("state", "invalid").put("detail", line.fault());
      } else {
        var job = line.job().json();
        for (var property : List.of("id", "state", "units", "code", "detail", "result")) {
          if (job.has(property)) {
            json.set(property, job.required(property));
          }
        }
      }
      results.append(json).append('\n');
    }
    return results.toString();
  }
}
