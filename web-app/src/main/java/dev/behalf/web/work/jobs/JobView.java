package dev.behalf.web.work.jobs;

import dev.behalf.contract.StrictJson;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;

/**
 * A job as its page shows it.
 *
 * @param version version of the operation
 * @param input properties of the input, in the sender's order
 * @param result result as indented JSON
 * @param answer the properties of the result; none while the job has no result
 * @param since start of the step that the job is in, or of its last one
 */
record JobView(
    JobRow row,
    int version,
    List<Given> input,
    @Nullable String result,
    List<ResultPart> answer,
    int maxAttempts,
    @Nullable String detail,
    @Nullable UUID retryOf,
    boolean mayBeRetried,
    boolean isAskedToStop,
    boolean isOfOwnEngine,
    Annotations annotations,
    Instant since,
    Timeline timeline) {

  /** A property of the input. */
  record Given(String name, String text) {}

  static JobView of(
      Job job, @Nullable JsonNode output, int maxAttempts, Locale locale, Instant now) {
    return new JobView(
        JobRow.of(job, now),
        job.version(),
        given(job),
        pretty(job.result()),
        job.result() == null
            ? List.of()
            : ResultPart.of(StrictJson.MAPPER.readTree(job.result()), output, locale),
        maxAttempts,
        job.detail(),
        job.retryOf(),
        job.state().isUnsuccessful(),
        job.cancelAskedAt() != null && job.state().isOpen(),
        job.pool().isOfOperation(),
        job.annotations(),
        job.hops().getLast().at(),
        Timeline.of(job.hops(), job.finishedAt(), now));
  }

  private static @Nullable String pretty(@Nullable String json) {
    return json == null
        ? null
        : StrictJson.MAPPER
            .writer()
            .with(SerializationFeature.INDENT_OUTPUT)
            .writeValueAsString(StrictJson.MAPPER.readTree(json));
  }

  /** Returns the properties of the input as texts: what is no text, as JSON. */
  private static List<Given> given(Job job) {
    return job.payload().input().properties().stream()
        .map(
            property ->
                new Given(
                    property.getKey(),
                    property.getValue().isString()
                        ? property.getValue().stringValue()
                        : property.getValue().toString()))
        .toList();
  }
}
