package dev.behalf.web.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.database.BehalfDatabase;
import dev.behalf.testkit.TestDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class EventIdTest {

  private static final BehalfDatabase DATABASE = TestDatabase.create();

  private final JdbcClient database =
      JdbcClient.create(TestDatabase.pool(DATABASE, DATABASE.roles().web()));

  @Test
  void ids_of_one_statement_are_distinct_and_begin_with_the_time() {
    long before = millis();

    var ids =
        database
            .sql("select " + EventId.SQL + " from generate_series(1, 1000)")
            .query(String.class)
            .list();
    long after = millis();

    assertThat(ids)
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("msg_[0-9a-f]{32}"))
        .allMatch(id -> Long.parseLong(id, 4, 16, 16) >= before - 1)
        .allMatch(id -> Long.parseLong(id, 4, 16, 16) <= after + 1);
  }

  @Test
  void ids_sort_by_time() {
    var ids =
        database
            .sql(
                "select %1$s from generate_series(1, 5) i, pg_sleep(0.003 + i * 0)"
                    .formatted(EventId.SQL))
            .query(String.class)
            .list();

    assertThat(ids).isSorted();
  }

  private long millis() {
    return database
        .sql("select (extract(epoch from clock_timestamp()) * 1000)::bigint")
        .query(Long.class)
        .single();
  }
}
