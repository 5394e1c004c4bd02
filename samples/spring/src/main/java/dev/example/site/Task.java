package dev.example.site;

import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A text that a person sent. The row is the site's own; Behalf has a job for it.
 *
 * @param owner external id of the person
 * @param problem why there is no result, or empty
 * @param jobId null until Behalf has confirmed the job
 */
record Task(
    UUID id,
    String owner,
    String text,
    State state,
    String problem,
    @Nullable UUID jobId,
    @Nullable String result,
    @Nullable Long units,
    OffsetDateTime createdAt,
    @Nullable OffsetDateTime finishedAt) {

  /** Returns whether the job is under way. Templates call only public methods. */
  public boolean isOpen() {
    return !state.isEnd();
  }
}
