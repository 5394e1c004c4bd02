package dev.behalf.web.webhooks;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.behalf.server.sql.Timestamps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The delivery of one event to one endpoint.
 *
 * @param id the event's id, the same in every attempt and every replay
 * @param jobId the job that ended; absent for another event
 * @param batchId the batch whose last job ended; absent for another event
 * @param attempts the number of attempts begun
 * @param nextAttemptAt the time of the next attempt, while the delivery is pending
 * @param reason why no further attempt follows: {@code attempts_exhausted} or {@code
 *     endpoint_disabled}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Delivery(
    String id,
    String type,
    @Nullable UUID jobId,
    @Nullable UUID batchId,
    DeliveryState state,
    int attempts,
    @Nullable Instant nextAttemptAt,
    @Nullable String reason,
    Instant createdAt,
    @Nullable Instant endedAt) {

  static final String COLUMNS =
      """
      d.id, d.type, d.job_id, d.batch_id, d.state, d.attempt, case when d.state = 'pending' then d.next_at end as next_at,
      d.reason, d.created_at, d.ended_at
      """;

  static Delivery of(ResultSet row, int index) throws SQLException {
    return new Delivery(
        row.getString("id"),
        row.getString("type"),
        row.getObject("job_id", UUID.class),
        row.getObject("batch_id", UUID.class),
        DeliveryState.of(row.getString("state")).orElseThrow(),
        row.getInt("attempt"),
        Timestamps.instantOrNull(row, "next_at"),
        row.getString("reason"),
        Timestamps.instant(row, "created_at"),
        Timestamps.instantOrNull(row, "ended_at"));
  }
}
