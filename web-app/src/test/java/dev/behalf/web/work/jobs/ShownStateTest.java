package dev.behalf.web.work.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.JobState;
import dev.behalf.database.BehalfDatabase;
import dev.behalf.testkit.TestDatabase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A row is found under the state that it is shown in, and under no other. */
class ShownStateTest {

  private static final BehalfDatabase DATABASE = TestDatabase.create();
  private static final JdbcClient JOBS =
      JdbcClient.create(TestDatabase.pool(DATABASE, DATABASE.roles().owner()));

  private record Row(JobState state, int attempt, @Nullable String code) {}

  @BeforeAll
  static void every_row_that_there_can_be() {
    var user = TestDatabase.newUser(DATABASE);
    for (var state : JobState.values()) {
      for (var attempt : new int[] {0, 1, 20}) {
        for (var code : new String[] {null, "quota_exceeded", "engine_failed", ""}) {
          insert(user, state, attempt, code);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "QUEUED, 0, , QUEUED",
    "QUEUED, 1, unavailable, RETRYING",
    "QUEUED, 0, quota_exceeded, QUEUED",
    "DISPATCHED, 0, , RUNNING",
    "DISPATCHED, 7, unavailable, RUNNING",
    "RUNNING, 1, , RUNNING",
    "SUCCEEDED, 3, , SUCCEEDED",
    "FAILED, 1, engine_failed, FAILED",
    "FAILED, 1, , FAILED",
    "FAILED, 1, quota_exceeded, REFUSED",
    "FAILED, 0, quota_exceeded, REFUSED",
    "CANCELLED, 0, , CANCELLED",
    "CANCELLED, 1, quota_exceeded, CANCELLED"
  })
  void each_job_is_shown_as(
      JobState state, int attempt, @Nullable String code, ShownState expected) {
    assertThat(ShownState.of(state, attempt, code)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(ShownState.class)
  void the_condition_finds_the_rows_that_are_shown_so_and_no_others(ShownState shown) {
    var found =
        JOBS.sql("select state, attempt, code from jobs.jobs j where " + shown.sql())
            .query(
                (row, index) ->
                    new Row(
                        JobState.of(row.getString("state")),
                        row.getInt("attempt"),
                        row.getString("code")))
            .list();

    assertThat(found)
        .isNotEmpty()
        .allMatch(row -> ShownState.of(row.state(), row.attempt(), row.code()) == shown);
  }

  @Test
  void every_row_has_exactly_one_shown_state() {
    var times = new ArrayList<String>();
    for (var shown : ShownState.values()) {
      times.add("case when " + shown.sql() + " then 1 else 0 end");
    }

    var others =
        JOBS.sql("select count(*) from jobs.jobs j where " + String.join(" + ", times) + " <> 1")
            .query(Long.class)
            .single();

    assertThat(others).as("rows in none or several of the states").isZero();
  }

  @Test
  void the_states_of_jobs_divide_the_shown_ones_and_two_are_shown_as_one() {
    var all =
        Arrays.stream(JobState.values()).flatMap(state -> ShownState.of(state).stream()).distinct();

    assertThat(all).containsExactlyInAnyOrder(ShownState.values());
    assertThat(ShownState.of(JobState.FAILED))
        .containsExactly(ShownState.FAILED, ShownState.REFUSED);
  }

  @ParameterizedTest
  @EnumSource(ShownState.class)
  void a_name_is_read_in_lower_case_only(ShownState shown) {
    assertThat(ShownState.of(shown.wire())).contains(shown);
    assertThat(ShownState.of(shown.name())).isEmpty();
  }

  private static void insert(UUID user, JobState state, int attempt, @Nullable String code) {
    JOBS.sql(
            """
            insert into jobs.jobs (user_id, id, environment, operation, payload, state, attempt, code, not_before,
                                   fingerprint, created_at)
            values (?, gen_random_uuid(), 'live', 'echo', '{}', ?, ?, ?, now(), '', now())
            """)
        .param(user)
        .param(state.wire())
        .param(attempt)
        .param(code)
        .update();
  }
}
