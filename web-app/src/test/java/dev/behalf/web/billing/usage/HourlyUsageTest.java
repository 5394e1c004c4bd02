package dev.behalf.web.billing.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.behalf.contract.Environment;
import dev.behalf.database.BehalfDatabase;
import dev.behalf.testkit.TestDatabase;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class HourlyUsageTest {

  private static final BehalfDatabase DATABASE = TestDatabase.create();
  private static final Instant MONTH = Instant.parse("2026-11-01T00:00:00Z");
  private static final String KEY = "k12345678901";

  private final JdbcClient database =
      JdbcClient.create(TestDatabase.pool(DATABASE, DATABASE.roles().owner()));
  private final HourlyUsage usage = new HourlyUsage(database);
  private final UUID ada = TestDatabase.newUser(DATABASE);

  @Test
  void charges_of_an_hour_are_summed_over_all_but_the_grouping() {
    charge(ada, "live", "echo", 1, "", "2026-11-24T10:00:00Z");
    charge(ada, "live", "echo", 2, KEY, "2026-11-24T10:59:59.999Z");
    charge(ada, "live", "embed", 4, KEY, "2026-11-24T10:30:00Z");

    assertThat(charged(Grouping.OPERATION, MONTH))
        .extracting(HourlyUsage.Hour::operation, HourlyUsage.Hour::jobs, HourlyUsage.Hour::units)
        .containsExactlyInAnyOrder(tuple("echo", 2L, 3L), tuple("embed", 1L, 4L));
    assertThat(charged(Grouping.KEY, MONTH))
        .extracting(HourlyUsage.Hour::keyId, HourlyUsage.Hour::jobs, HourlyUsage.Hour::units)
        .containsExactlyInAnyOrder(tuple("managed00000", 1L, 1L), tuple(KEY, 2L, 6L));
    assertThat(charged(Grouping.DAY, MONTH))
        .containsExactly(
            new HourlyUsage.Hour(Instant.parse("2026-11-24T10:00:00Z"), "", "", "succeeded", 3, 7));
  }

  @Test
  void the_next_hour_is_another_row() {
    charge(ada, "live", "echo", 1, "", "2026-11-24T10:59:59.999Z");
    charge(ada, "live", "echo", 1, "", "2026-11-24T11:00:00Z");

    assertThat(charged(Grouping.DAY, MONTH)).hasSize(2);
  }

  @Test
  void an_hour_that_began_before_the_time_asked_for_is_left_out() {
    charge(ada, "live", "echo", 1, "", "2026-11-24T10:30:00Z");

    assertThat(charged(Grouping.DAY, Instant.parse("2026-11-24T10:00:00Z"))).hasSize(1);
    assertThat(charged(Grouping.DAY, Instant.parse("2026-11-24T10:00:01Z"))).isEmpty();
  }

  @Test
  void days_before_and_after_the_turn_of_the_month_are_both_there() {
    charge(ada, "live", "echo", 1, "", "2026-10-31T23:30:00Z");
    charge(ada, "live", "echo", 2, "", "2026-11-01T00:00:00Z");

    assertThat(charged(Grouping.DAY, Instant.parse("2026-10-30T00:00:00Z")))
        .extracting(HourlyUsage.Hour::units)
        .containsExactlyInAnyOrder(1L, 2L);
  }

  @Test
  void another_user_and_another_environment_are_not_counted() {
    charge(TestDatabase.newUser(DATABASE), "live", "echo", 1, "", "2026-11-24T10:00:00Z");
    charge(ada, "test", "echo", 1, "", "2026-11-24T10:00:00Z");

    assertThat(charged(Grouping.DAY, MONTH)).isEmpty();
    assertThat(usage.ended(ada, Environment.LIVE, MONTH)).isEmpty();
  }

  @Test
  void ended_jobs_without_a_charge_are_in_the_hour_of_their_end_and_have_no_units() {
    uncharged("failed", "2026-11-24T10:59:59Z");
    uncharged("failed", "2026-11-24T10:00:00Z");
    uncharged("cancelled", "2026-11-24T11:00:00Z");
    charge(ada, "live", "echo", 5, "", "2026-11-24T11:00:00Z");

    assertThat(usage.ended(ada, Environment.LIVE, MONTH))
        .extracting(
            hour -> hour.at().toString().substring(11, 13),
            HourlyUsage.Hour::state,
            HourlyUsage.Hour::jobs,
            HourlyUsage.Hour::units)
        .containsExactlyInAnyOrder(
            tuple("10", "failed", 2L, 0L),
            tuple("11", "cancelled", 1L, 0L),
            tuple("11", "succeeded", 1L, 5L));
  }

  @Test
  void a_cancelled_job_that_was_charged_is_counted_once_and_as_cancelled() {
    database
        .sql(
            """
            with job as (
              insert into jobs.jobs (user_id, id, environment, operation, payload, state, not_before, fingerprint,
                                     created_at, finished_at, units)
              values (?, gen_random_uuid(), 'live', 'echo', '{}', 'cancelled', now(), '', now(),
                      '2026-11-24T10:00:00Z', 5) returning user_id, id)
            insert into compute.ledger (user_id, job_id, environment, period, units, key_id, created_at, operation, outcome,
                                        held)
            select user_id, id, 'live', '2026-11', 5, 'k', '2026-11-24T10:00:00Z', 'echo', 'cancelled', 9 from job
            """)
        .param(ada)
        .update();

    assertThat(usage.ended(ada, Environment.LIVE, MONTH))
        .extracting(HourlyUsage.Hour::state, HourlyUsage.Hour::jobs, HourlyUsage.Hour::units)
        .containsExactly(tuple("cancelled", 1L, 5L));
    assertThat(charged(Grouping.OPERATION, MONTH))
        .extracting(HourlyUsage.Hour::operation, HourlyUsage.Hour::units)
        .containsExactly(tuple("echo", 5L));
  }

  private List<HourlyUsage.Hour> charged(Grouping by, Instant since) {
    return usage.charged(ada, Environment.LIVE, by, since);
  }

  private void charge(
      UUID user, String environment, String operation, long units, String key, String at) {
    database
        .sql(Charges.charge(user, UUID.randomUUID(), environment, operation, units, key, at))
        .update();
  }

  private void uncharged(String state, String at) {
    database
        .sql(
            """
            insert into jobs.jobs (user_id, id, environment, operation, payload, state, not_before, fingerprint,
                                   created_at, finished_at)
            values (?, gen_random_uuid(), 'live', 'echo', '{}', ?, now(), '', now(), ?::timestamptz)
            """)
        .params(ada, state, at)
        .update();
  }
}
