package dev.behalf.web.webhooks;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.behalf.server.sql.Timestamps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way to an endpoint.
 *
 * @param id of the event: the same in every attempt and every replay
 * @param jobId none for a test event
 * @param attempts that were begun
 * @param nextAttemptAt while it is pending
 * @param reason why there is no other attempt: {@code attempts_exhausted} or {@code
 *     endpoint_disabled}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Delivery(
    String id,
    String type,
    @Nullable UUID jobId,
    DeliveryState state,
    int attempts,
    @Nullable Instant nextAttemptAt,
    @Nullable String reason,
    Instant createdAt,
    @Nullable Instant endedAt) {

  static final String COLUMNS =
      """
      d.id, d.type, d.job_id, d.state, d.attempt, case when d.state = 'pending' then d.next_at end as next_at,
      d.reason, d.created_at, d.ended_at
      """;

  static Delivery of(ResultSet row, int index) throws SQLException {
    return new Delivery(
        row.getString("id"),
        row.getString("type"),
        row.getObject("job_id", UUID.class),
        DeliveryState.of(row.getString("state")).orElseThrow(),
        row.getInt("attempt"),
        Timestamps.instantOrNull(row, "next_at"),
        row.getString("reason"),
        Timestamps.instant(row, "created_at"),
        Timestamps.instantOrNull(row, "ended_at"));
  }
}
