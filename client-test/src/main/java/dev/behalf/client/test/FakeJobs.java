package dev.behalf.client.test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Takes, runs and finds jobs, by the rules of the API. */
final class FakeJobs {

  private static final Pattern TAG = Pattern.compile("[\\p{L}\\p{Nd}._@/-]{1,50}");
  private static final int MOST_TAGS = 10;
  private static final int MAX_METADATA = 1024;

  private final Map<String, FakeOperation> operations = new ConcurrentHashMap<>();
  private final Map<UUID, FakeJob> jobs = new HashMap<>();
  private final List<FakeJob> inOrder = new ArrayList<>();
  private final Map<String, FakeJob> byKey = new HashMap<>();
  private final Map<UUID, FakeJob> retries = new HashMap<>();
  private final Map<UUID, FakeBatch> batches = new HashMap<>();
  private final Map<String, FakeBatch> batchesByKey = new HashMap<>();

  void define(String name, FakeOperation operation) {
    operations.put(name, operation);
  }

  List<String> names() {
    return operations.keySet().stream().sorted().toList();
  }

  /**
   * A job, and whether it was there before.
   *
   * @param isReplayed whether the same request had made it
   */
  record Taken<T>(T made, boolean isReplayed) {}

  synchronized Taken<FakeJob> submit(ObjectNode asked, @Nullable String key) {
    check(asked);
    var before = key == null ? null : byKey.get(key);
    if (before != null) {
      if (!before.payload().equals(asked.required("payload"))) {
        throw new FakeProblem(
            422, "idempotency_key_reused", "Take a new Idempotency-Key for another job.");
      }
      return new Taken<>(before, true);
    }
    var job = store(new FakeJob(asked, null));
    if (key != null) {
      byKey.put(key, job);
    }
    return new Taken<>(job, false);
  }

  private void check(ObjectNode asked) {
    if (!(asked.path("payload") instanceof ObjectNode payload)) {
      throw FakeProblem.invalid("\"payload\" is missing: set it.");
    }
    if (!operations.containsKey(payload.path("operation").asString(""))) {
      throw new FakeProblem(422, "operation_unknown", "Set \"operation\" to one that you may run.");
    }
    var tags = asked.path("tags");
    if (tags.size() > MOST_TAGS
        || tags.valueStream().anyMatch(tag -> !TAG.matcher(tag.asString("")).matches())) {
      throw FakeProblem.invalid("A job has at most 10 tags of 1 to 50 letters and digits.");
    }
    if (asked.path("metadata").toString().length() > MAX_METADATA) {
      throw FakeProblem.invalid("\"metadata\" has at most 1,024 bytes.");
    }
  }

  private FakeJob store(FakeJob job) {
    jobs.put(job.id, job);
    inOrder.addFirst(job);
    Thread.ofVirtual().name("fake job").start(() -> run(job));
    return job;
  }

  private void run(FakeJob job) {
    try {
      waitForTheStart(job);
      if (job.hasEnded()) {
        return;
      }
      job.dispatch();
      var operation = operations.get(job.operation());
      if (operation == null) {
        job.fail("operation_unknown", "The operation is gone.");
        return;
      }
      job.succeed(FakeJson.MAPPER.valueToTree(operation.run(new FakeRun(job))));
    } catch (FakeFailure failure) {
      job.fail(failure.code(), String.valueOf(failure.getMessage()));
    } catch (InterruptedException | RuntimeException fault) {
      job.fail("engine_failed", String.valueOf(fault));
    }
  }

  private static void waitForTheStart(FakeJob job) throws InterruptedException {
    if (job.asked().hasNonNull("not_before")) {
      var start = Instant.parse(job.asked().required("not_before").asString());
      while (!job.hasEnded() && Instant.now().isBefore(start)) {
        job.await(Math.clamp(Duration.between(Instant.now(), start).toMillis() + 1, 1, 60_000));
      }
    } else {
      // Whoever has just submitted a job finds it queued.
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  synchronized FakeJob get(UUID id) {
    var job = jobs.get(id);
    if (job == null) {
      throw FakeProblem.notFound();
    }
    return job;
  }

  FakeJob cancel(UUID id) {
    var job = get(id);
    if (!job.cancel() && !job.state().equals("cancelled")) {
      throw new FakeProblem(409, "job_ended", "The job has ended: it cannot be cancelled.");
    }
    return job;
  }

  synchronized Taken<FakeJob> retry(UUID id) {
    var job = get(id);
    if (!job.state().equals("failed") && !job.state().equals("cancelled")) {
      throw new FakeProblem(409, "job_not_failed", "Only a job that has failed is retried.");
    }
    var before = retries.get(id);
    if (before != null) {
      return new Taken<>(before, true);
    }
    var again = store(new FakeJob(((ObjectNode) job.asked()).deepCopy().without("not_before"), id));
    retries.put(id, again);
    return new Taken<>(again, false);
  }

  /** Returns the jobs that a query finds, newest first: state, op, tag and meta are understood. */
  synchronized List<FakeJob> find(String query) {
    Predicate<FakeJob> fits = job -> true;
    for (var word : query.isBlank() ? new String[0] : query.strip().split("\\s+")) {
      fits = fits.and(filter(word));
    }
    return inOrder.stream().filter(fits).toList();
  }

  private static Predicate<FakeJob> filter(String word) {
    var parts = word.split(":", 2);
    if (parts.length < 2) {
      throw FakeProblem.invalid("The fake does not understand \"" + word + "\".");
    }
    var values = List.of(parts[1].split(","));
    return switch (parts[0]) {
      case "state" -> job -> values.contains(job.state());
      case "op" -> job -> values.contains(job.operation());
      case "tag" -> job -> texts(job.asked().path("tags")).stream().anyMatch(values::contains);
      default -> {
        if (!parts[0].startsWith("meta.")) {
          throw FakeProblem.invalid("The fake does not understand \"" + word + "\".");
        }
        var name = parts[0].substring("meta.".length());
        yield job -> values.contains(job.asked().path("metadata").path(name).asString(""));
      }
    };
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).toList();
  }

  synchronized Taken<FakeBatch> send(
      String file, String name, String environment, List<String> tags, @Nullable String key) {
    var before = key == null ? null : batchesByKey.get(key);
    if (before != null) {
      if (!before.file.equals(file)) {
        throw new FakeProblem(
            422, "idempotency_key_reused", "Take a new Idempotency-Key for another file.");
      }
      return new Taken<>(before, true);
    }
    var batch = new FakeBatch(file, name, environment);
    var number = 0;
    for (var line : file.lines().toList()) {
      number++;
      if (!line.isBlank()) {
        batch.add(line(number, line, environment, tags));
      }
    }
    batches.put(batch.id, batch);
    if (key != null) {
      batchesByKey.put(key, batch);
    }
    return new Taken<>(batch, false);
  }

  private FakeBatch.Line line(int number, String text, String environment, List<String> tags) {
    try {
      var asked = FakeJson.MAPPER.createObjectNode().put("environment", environment);
      asked.set("payload", FakeJson.MAPPER.readTree(text));
      if (!tags.isEmpty()) {
        tags.forEach(asked.putArray("tags")::add);
      }
      check(asked);
      return new FakeBatch.Line(number, store(new FakeJob(asked, null)), "");
    } catch (FakeProblem | JacksonException invalid) {
      return new FakeBatch.Line(number, null, String.valueOf(invalid.getMessage()));
    }
  }

  synchronized FakeBatch batch(UUID id) {
    var batch = batches.get(id);
    if (batch == null) {
      throw FakeProblem.notFound();
    }
    return batch;
  }

  /** Returns what was submitted, the oldest first. */
  synchronized List<JsonNode> submitted() {
    return inOrder.reversed().stream().map(FakeJob::asked).toList();
  }
}
