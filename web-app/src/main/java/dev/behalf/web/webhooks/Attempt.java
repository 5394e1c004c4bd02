package dev.behalf.web.webhooks;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.behalf.server.sql.Timestamps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A finished attempt.
 *
 * @param status the HTTP status, if there was a response
 * @param answer the first KiB of the response body
 * @param fault why there was no response: an {@link AttemptFailure}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Attempt(
    int number,
    Instant at,
    int durationMillis,
    @Nullable Integer status,
    @Nullable String answer,
    @Nullable AttemptFailure fault) {

  static Attempt of(ResultSet row, int index) throws SQLException {
    var fault = row.getString("fault");
    return new Attempt(
        row.getInt("number"),
        Timestamps.instant(row, "at"),
        row.getInt("millis"),
        row.getObject("status", Integer.class),
        row.getString("answer"),
        fault == null ? null : AttemptFailure.of(fault));
  }
}
