package dev.behalf.cli.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A page of jobs, newest first.
 *
 * @param next cursor of the next page, or null on the last page
 */
public record JobPage(List<Job> jobs, @Nullable String next) {

  public static JobPage of(JsonNode json) {
    return new JobPage(
        json.required("jobs").valueStream().map(Job::of).toList(),
        json.hasNonNull("next") ? json.required("next").asString() : null);
  }
}
