package dev.behalf.web.work.jobs;

import dev.behalf.contract.StrictJson;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;

/**
 * A job as its page shows it.
 *
 * @param result result as indented JSON
 * @param answer main value of the result in one line, if the result has one
 */
record JobView(
    JobRow row,
    String text,
    List<String> labels,
    @Nullable String other,
    @Nullable String result,
    @Nullable String answer,
    int maxAttempts,
    @Nullable String detail,
    @Nullable UUID retryOf,
    boolean mayBeRetried,
    Timeline way) {

  static JobView of(Job job, int maxAttempts, Instant now) {
    return new JobView(
        JobRow.of(job, now),
        Objects.requireNonNullElse(job.payload().text(), ""),
        Objects.requireNonNullElse(job.payload().labels(), List.of()),
        job.payload().other(),
        pretty(job.result()),
        answer(job.result()),
        maxAttempts,
        job.detail(),
        job.retryOf(),
        job.state().isUncharged(),
        Timeline.of(job.hops()));
  }

  private static @Nullable String pretty(@Nullable String json) {
    return json == null
        ? null
        : StrictJson.MAPPER
            .writer()
            .with(SerializationFeature.INDENT_OUTPUT)
            .writeValueAsString(StrictJson.MAPPER.readTree(json));
  }

  static @Nullable String answer(@Nullable String json) {
    if (json == null) {
      return null;
    }
    JsonNode result = StrictJson.MAPPER.readTree(json);
    for (var name : List.of("label", "summary", "text")) {
      if (result.path(name).isString()) {
        return result.path(name).asString();
      }
    }
    if (result.path("similarity").isNumber()) {
      return result.path("similarity").asString();
    }
    if (result.path("keywords").isArray()) {
      return String.join(
          ", ",
          result
              .path("keywords")
              .valueStream()
              .map(keyword -> keyword.path("text").asString())
              .toList());
    }
    return result.path("embedding").isArray() ? result.path("embedding").size() + " ×" : null;
  }
}
