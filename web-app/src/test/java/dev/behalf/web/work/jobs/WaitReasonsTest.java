package dev.behalf.web.work.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.JobState;
import dev.behalf.database.BehalfDatabase;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.testkit.TestDatabase;
import dev.behalf.web.work.jobs.WaitReasons.Reason;
import dev.behalf.web.work.jobs.WaitReasons.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.unit.DataSize;

/** The reason that lasts longest is the one that is told. */
class WaitReasonsTest {

  private static final BehalfDatabase DATABASE = TestDatabase.create();
  private static final Instant NOW = SomeJob.SUBMITTED.plusSeconds(1);
  private static final int CAP = 2;

  private final JdbcClient database =
      JdbcClient.create(TestDatabase.pool(DATABASE, DATABASE.roles().owner()));
  private final UUID ada = TestDatabase.newUser(DATABASE);
  private Instant now = NOW;
  private final WaitReasons reasons =
      new WaitReasons(
          database, settings(), new EnginePlaces(name -> Optional.empty(), database), () -> now);

  @AfterEach
  void resume() {
    database.sql("delete from jobs.pauses").update();
  }

  @ParameterizedTest
  @EnumSource(value = JobState.class, mode = EnumSource.Mode.EXCLUDE, names = "QUEUED")
  void a_job_that_is_not_queued_waits_for_nothing(JobState state) {
    assertThat(reasons.why(ada, SomeJob.queued().state(state, 0, null).job())).isEmpty();
  }

  @Test
  void a_job_that_nothing_holds_waits_for_its_turn() {
    assertThat(why(SomeJob.queued())).isEqualTo(new Wait(Reason.TURN, 0, null));
  }

  @Test
  void the_cap_is_full_with_as_many_jobs_in_flight_and_not_with_one_less() {
    dispatched(CAP - 1);
    assertThat(why(SomeJob.queued()).reason()).isEqualTo(Reason.TURN);

    dispatched(1);
    assertThat(why(SomeJob.queued()).reason()).isEqualTo(Reason.CAP);
  }

  @Test
  void a_cap_of_the_users_own_replaces_the_common_one() {
    dispatched(CAP);
    lane(CAP + 1);

    assertThat(why(SomeJob.queued()).reason()).isEqualTo(Reason.TURN);
  }

  @Test
  void a_cap_of_zero_lets_nothing_through() {
    lane(0);

    assertThat(why(SomeJob.queued()).reason()).isEqualTo(Reason.CAP);
  }

  @ParameterizedTest
  @CsvSource({", NOT_BEFORE", "engine_failed, NOT_BEFORE", "unavailable, COMPUTE_DOWN"})
  void a_job_that_is_due_later_waits_until_then(@Nullable String code, Reason expected) {
    var due = NOW.plusMillis(1);
    var job = SomeJob.queued().state(JobState.QUEUED, 1, code).due(due);

    assertThat(why(job)).isEqualTo(new Wait(expected, 0, due));
  }

  @Test
  void a_job_that_is_due_now_is_not_due_later() {
    var job = SomeJob.queued().state(JobState.QUEUED, 1, "unavailable").due(NOW);

    assertThat(why(job).reason()).isEqualTo(Reason.TURN);
  }

  @Test
  void a_full_cap_is_not_told_before_the_job_is_due() {
    dispatched(CAP);

    assertThat(why(SomeJob.queued().due(NOW.plusSeconds(60))).reason())
        .isEqualTo(Reason.NOT_BEFORE);
  }

  @ParameterizedTest
  @CsvSource({"99, TURN", "100, QUOTA", "101, QUOTA"})
  void the_quota_holds_once_it_is_used_up(long used, Reason expected) {
    quota("2026-11", used);

    assertThat(why(SomeJob.queued()).reason()).isEqualTo(expected);
  }

  @Test
  void the_quota_holds_once_the_rest_of_it_is_held() {
    quota("2026-11", 60);
    held(39);
    assertThat(why(SomeJob.queued()).reason()).isEqualTo(Reason.TURN);

    held(40);
    assertThat(why(SomeJob.queued()).reason()).isEqualTo(Reason.QUOTA);
  }

  @Test
  void the_quota_of_last_month_holds_nothing_at_the_turn_of_the_month() {
    quota("2026-11", 100);

    now = Instant.parse("2026-11-30T23:59:59.999Z");
    assertThat(why(SomeJob.queued()).reason()).isEqualTo(Reason.QUOTA);
    now = Instant.parse("2026-12-01T00:00:00Z");
    assertThat(why(SomeJob.queued()).reason()).isEqualTo(Reason.TURN);
  }

  @Test
  void a_pause_comes_before_the_quota_and_an_operators_before_the_users() {
    quota("2026-11", 100);
    pause("live", ada, "user");
    assertThat(why(SomeJob.queued()).reason()).isEqualTo(Reason.PAUSED);

    pause("live", null, "operator");
    assertThat(why(SomeJob.queued()).reason()).isEqualTo(Reason.PAUSED_BY_OPERATOR);
  }

  @Test
  void what_holds_a_job_has_no_end_that_is_known() {
    pause("live", ada, "operator");

    assertThat(why(SomeJob.queued().due(NOW.plusSeconds(60))))
        .isEqualTo(new Wait(Reason.PAUSED_BY_OPERATOR, 0, null));
  }

  @Test
  void a_pause_of_another_user_or_environment_holds_nothing() {
    pause("live", TestDatabase.newUser(DATABASE), "user");
    pause("test", ada, "user");
    pause("test", null, "operator");

    assertThat(why(SomeJob.queued()).reason()).isEqualTo(Reason.TURN);
  }

  @Test
  void jobs_of_a_higher_priority_and_earlier_ones_of_the_same_go_first() {
    var job = SomeJob.queued().due(NOW.minusSeconds(10));
    store(SomeJob.queued().priority(Priority.HIGH).due(NOW));
    store(SomeJob.queued().due(NOW.minusSeconds(11)));
    store(SomeJob.queued().due(NOW.minusSeconds(9)));
    store(SomeJob.queued().priority(Priority.LOW).due(NOW.minusSeconds(99)));
    store(job);

    assertThat(why(job).ahead()).isEqualTo(2);
  }

  @Test
  void jobs_of_others_are_not_ahead() {
    store(TestDatabase.newUser(DATABASE), SomeJob.queued().due(NOW.minusSeconds(99)));

    assertThat(why(SomeJob.queued()).ahead()).isZero();
  }

  private Wait why(SomeJob job) {
    return reasons.why(ada, job.job()).orElseThrow();
  }

  private void dispatched(int jobs) {
    for (int i = 0; i < jobs; i++) {
      store(SomeJob.queued().state(JobState.DISPATCHED, 0, null));
    }
  }

  private void store(SomeJob job) {
    store(ada, job);
  }

  private void store(UUID user, SomeJob job) {
    database
        .sql(
            """
            insert into jobs.jobs (user_id, id, environment, operation, payload, state, priority, not_before,
                                   fingerprint, created_at)
            values (?, ?, 'live', 'echo', '{}', ?, ?, ?, '', now())
            """)
        .params(
            user, job.id(), job.state().wire(), job.priority().rank(), Timestamps.of(job.dueAt()))
        .update();
  }

  private void lane(int cap) {
    database
        .sql(
            "insert into jobs.lanes (user_id, environment, pool, cap) values (?, 'live', 'quick',"
                + " ?)")
        .params(ada, cap)
        .update();
  }

  private void quota(String period, long used) {
    database
        .sql("insert into compute.quota values (?, 'live', ?, 100, ?)")
        .params(ada, period, used)
        .update();
  }

  private void held(long units) {
    database.sql("update compute.quota set held = ? where user_id = ?").params(units, ada).update();
  }

  private void pause(String environment, @Nullable UUID user, String by) {
    database
        .sql("insert into jobs.pauses values (?, ?, now(), ?)")
        .param(environment)
        .param(user)
        .param(by)
        .update();
  }

  private static JobsSettings settings() {
    return new JobsSettings(
        1_000,
        256,
        DataSize.ofMegabytes(4),
        DataSize.ofMegabytes(2),
        CAP,
        Duration.ofMinutes(2),
        20,
        Duration.ofSeconds(1),
        Duration.ofSeconds(60),
        Duration.ofSeconds(30),
        Duration.ofMinutes(30));
  }
}
