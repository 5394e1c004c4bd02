package dev.behalf.web.webhooks;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.behalf.contract.Environment;
import dev.behalf.server.sql.Timestamps;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A webhook endpoint as its owner sees it, without the secret.
 *
 * @param oldSecretUntil when the old secret stops signing, during a rotation's grace period
 * @param failingSince the time of the first failure since the last success
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Endpoint(
    UUID id,
    Environment environment,
    String url,
    List<EventType> events,
    String description,
    Instant createdAt,
    @Nullable Instant oldSecretUntil,
    @Nullable Instant failingSince,
    @Nullable Instant disabledAt,
    @Nullable DisabledReason disabledReason) {

  static final String COLUMNS =
      """
      e.id, e.environment, e.url, e.events, e.description, e.created_at,
      case when e.previous_until > now() then e.previous_until end as previous_until,
      e.failing_since, e.disabled_at, e.disabled_reason
      """;

  @JsonIgnore
  public boolean isDisabled() {
    return disabledAt != null;
  }

  static Endpoint of(ResultSet row, int index) throws SQLException {
    var reason = row.getString("disabled_reason");
    return new Endpoint(
        row.getObject("id", UUID.class),
        Environment.of(row.getString("environment")),
        row.getString("url"),
        events(row.getArray("events")),
        row.getString("description"),
        Timestamps.instant(row, "created_at"),
        Timestamps.instantOrNull(row, "previous_until"),
        Timestamps.instantOrNull(row, "failing_since"),
        Timestamps.instantOrNull(row, "disabled_at"),
        reason == null ? null : DisabledReason.of(reason));
  }

  private static List<EventType> events(Array words) throws SQLException {
    return Arrays.stream((String[]) words.getArray()).map(EventType::of).toList();
  }
}
