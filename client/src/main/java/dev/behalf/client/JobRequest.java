package dev.behalf.client;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A job to be submitted. Its idempotency key stays the same however often it is sent. */
public final class JobRequest {

  private final ObjectNode payload;
  private final List<String> tags = new ArrayList<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private String idempotencyKey = UUID.randomUUID().toString();
  private @Nullable String environment;
  private @Nullable String priority;
  private @Nullable Instant notBefore;

  private JobRequest(ObjectNode payload) {
    this.payload = payload;
  }

  /**
   * A job of an operation.
   *
   * @param input a map, a record or a {@link JsonNode} with the properties of the operation's input
   * @throws IllegalArgumentException if the input is no JSON object
   */
  public static JobRequest of(String operation, Object input) {
    var payload = Json.object().put("operation", operation);
    if (!(Json.MAPPER.valueToTree(input) instanceof ObjectNode properties)
        || properties.has("operation")) {
      // Such a property would choose another operation.
      throw new IllegalArgumentException(
          "The input of an operation is an object without a property \"operation\".");
    }
    payload.setAll(properties);
    return new JobRequest(payload);
  }

  /**
   * A key of one's own, such as the id of an order: the same key and input are queued once, also
   * after this process has been restarted. 1 to 255 printable ASCII characters.
   */
  public JobRequest idempotencyKey(String key) {
    idempotencyKey = key;
    return this;
  }

  /** {@code live} or {@code test}; an API key has one already. */
  public JobRequest environment(String name) {
    environment = name;
    return this;
  }

  /** {@code high}, {@code normal} or {@code low}, among the user's own jobs. */
  public JobRequest priority(String name) {
    priority = name;
    return this;
  }

  /** The earliest start, within a year. */
  public JobRequest notBefore(Instant time) {
    notBefore = time;
    return this;
  }

  /** A word to find the job by; at most 10 of 1 to 50 letters, digits and {@code . _ @ / -}. */
  public JobRequest tag(String tag) {
    tags.add(tag);
    return this;
  }

  /** A fact to find the job by; all together at most 1,024 bytes as JSON. */
  public JobRequest metadata(String name, String value) {
    metadata.put(name, value);
    return this;
  }

  /** Returns the key under which it is sent, to send it again after this process has ended. */
  public String idempotencyKey() {
    return idempotencyKey;
  }

  /** Returns the request with its idempotency key as JSON, to be kept until it is sent. */
  public String toJson() {
    var json = Json.object().put("idempotency_key", idempotencyKey);
    json.set("request", body());
    return json.toString();
  }

  /**
   * Returns the request that {@link #toJson} has written.
   *
   * @throws IllegalArgumentException for any other text
   */
  public static JobRequest fromJson(String json) {
    try {
      // No digit is lost: another number would be another request under the same key.
      var kept =
          Json.MAPPER
              .reader()
              .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
              .readTree(json);
      var body = kept.required("request");
      var request = new JobRequest((ObjectNode) body.required("payload"));
      request.idempotencyKey = kept.required("idempotency_key").asString();
      request.environment = Json.textOrNull(body, "environment");
      request.priority = Json.textOrNull(body, "priority");
      var notBefore = Json.textOrNull(body, "not_before");
      request.notBefore = notBefore == null ? null : Instant.parse(notBefore);
      body.path("tags").forEach(tag -> request.tag(tag.asString()));
      body.path("metadata")
          .properties()
          .forEach(each -> request.metadata(each.getKey(), each.getValue().asString()));
      return request;
    } catch (JacksonException | ClassCastException | DateTimeException other) {
      throw new IllegalArgumentException("The text is no request that was kept.", other);
    }
  }

  JsonNode body() {
    var body = Json.object();
    if (environment != null) {
      body.put("environment", environment);
    }
    if (notBefore != null) {
      body.put("not_before", notBefore.toString());
    }
    if (priority != null) {
      body.put("priority", priority);
    }
    if (!tags.isEmpty()) {
      tags.forEach(body.putArray("tags")::add);
    }
    if (!metadata.isEmpty()) {
      metadata.forEach(body.putObject("metadata")::put);
    }
    body.set("payload", payload);
    return body;
  }
}
