package dev.behalf.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import tools.jackson.databind.JsonNode;

/**
 * JSON that is passed on without being interpreted. It is validated on arrival and again before it
 * is computed; the services in between have no rules of their own that could fail.
 */
public record RawJson(@JsonRawValue @JsonValue String text) {

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static RawJson of(JsonNode json) {
    return new RawJson(json.toString());
  }

  public static RawJson of(JobPayload payload) {
    return new RawJson(StrictJson.text(payload));
  }

  /**
   * Returns a hash that is equal for equal work: the same payload in the same environment, whenever
   * it is due. An idempotency key and a job id each stand for one such work only.
   */
  public byte[] fingerprint(Environment environment) {
    return Sha256.of(environment.wire().getBytes(UTF_8), text.getBytes(UTF_8));
  }
}
