package dev.behalf.server.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.database.BehalfDatabase;
import dev.behalf.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {

  private static final BehalfDatabase DATABASE = TestDatabase.create();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-30T23:59:59.999999Z",
        "2026-12-01T00:00:00Z",
        "2028-02-29T12:00:00Z",
        "2026-03-29T01:00:00Z",
        "1970-01-01T00:00:00Z",
        "1969-12-31T23:59:59.5Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999Z"
      })
  void an_instant_comes_back_from_the_database_unchanged_whatever_the_time_zone_of_the_session(
      Instant instant) throws SQLException {
    for (var zone : new String[] {"UTC", "Asia/Kathmandu", "America/St_Johns"}) {
      try (var connection = connect(zone)) {
        assertThat(roundTrip(connection, instant)).as(zone).isEqualTo(instant);
      }
    }
  }

  @Test
  void a_column_is_read_in_its_own_instant_and_not_in_the_zone_of_its_text() throws SQLException {
    assertThat(read("timestamptz '2026-12-01 00:30:00+01'")).isEqualTo("2026-11-30T23:30:00Z");
  }

  @Test
  void a_null_column_is_null() throws SQLException {
    assertThat(read("null::timestamptz")).isNull();
  }

  @Test
  void the_database_keeps_microseconds() throws SQLException {
    try (var connection = connect("UTC")) {
      assertThat(roundTrip(connection, Instant.parse("2026-11-30T12:00:00.123456400Z")))
          .isEqualTo("2026-11-30T12:00:00.123456Z");
    }
  }

  private static Instant roundTrip(Connection connection, Instant instant) throws SQLException {
    try (var statement = connection.prepareStatement("select ?::timestamptz as at")) {
      statement.setObject(1, Timestamps.of(instant));
      try (var rows = statement.executeQuery()) {
        rows.next();
        return Timestamps.instant(rows, "at");
      }
    }
  }

  private static @Nullable Instant read(String expression) throws SQLException {
    try (var connection = connect("Asia/Kathmandu");
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select " + expression + " as at")) {
      rows.next();
      return Timestamps.instantOrNull(rows, "at");
    }
  }

  private static Connection connect(String zone) throws SQLException {
    var connection = DATABASE.connect(DATABASE.roles().web());
    try (var statement = connection.createStatement()) {
      statement.execute("set time zone '" + zone + "'");
    }
    return connection;
  }
}
