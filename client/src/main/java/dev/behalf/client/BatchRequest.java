package dev.behalf.client;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A file of jobs to be sent: at most 100 MiB and 100,000 lines, never whole in memory. Its
 * idempotency key stays the same however often it is sent.
 */
public final class BatchRequest {

  private static final String JSON_LINES = "application/x-ndjson";

  final Supplier<InputStream> body;
  final String type;
  private final List<String> tags = new ArrayList<>();
  private String idempotencyKey = UUID.randomUUID().toString();
  private @Nullable String name;
  private @Nullable String environment;

  private BatchRequest(Supplier<InputStream> body, String type) {
    this.body = body;
    this.type = type;
  }

  /** A file of JSON lines, or of CSV if its name ends with {@code .csv}. */
  public static BatchRequest of(Path file) {
    var type = file.toString().endsWith(".csv") ? "text/csv" : JSON_LINES;
    return new BatchRequest(() -> opened(file), type).name(file.getFileName().toString());
  }

  /**
   * Payloads: each a map, a record or a {@link JsonNode} with {@code operation} and the properties
   * of its input. After a break they are gone through again, and must be the same.
   */
  public static BatchRequest of(Iterable<?> payloads) {
    return new BatchRequest(() -> new JsonLines(payloads.iterator()), JSON_LINES);
  }

  private static InputStream opened(Path file) {
    try {
      return new FileInputStream(file.toFile());
    } catch (IOException e) {
      throw new PayloadException(new UncheckedIOException(e));
    }
  }

  /** A key of one's own, such as a date: the same file under the same key is queued once. */
  public BatchRequest idempotencyKey(String key) {
    idempotencyKey = key;
    return this;
  }

  /** At most 120 characters, for people. */
  public BatchRequest name(String text) {
    name = text;
    return this;
  }

  /** {@code live} or {@code test}; an API key has one already. */
  public BatchRequest environment(String value) {
    environment = value;
    return this;
  }

  /** A word to find its jobs by; at most 10. */
  public BatchRequest tag(String tag) {
    tags.add(tag);
    return this;
  }

  /** Returns the key under which it is sent, to send it again after this process has ended. */
  public String idempotencyKey() {
    return idempotencyKey;
  }

  String path(String collection) {
    var path = new Query(collection).with("name", name).with("environment", environment);
    tags.forEach(tag -> path.with("tag", tag));
    return path.toString();
  }
}
