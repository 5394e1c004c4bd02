package dev.behalf.compute.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.behalf.compute.ComputeDatabase;
import dev.behalf.compute.ledger.Ledger.Outcome;
import dev.behalf.contract.Environment;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.BadSqlGrammarException;

class LedgerTest {

  private static final ComputeDatabase DATABASE = new ComputeDatabase();

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-24T10:00:00Z"));
  private final Ledger ledger = new Ledger(DATABASE.client(), now::get);
  private final UUID ada = DATABASE.newUser();

  @Test
  void an_entry_says_what_was_charged_when_to_whom_and_for_which_keys() {
    var charge = charge(newResult(Environment.TEST), Environment.TEST, 7, "worker", "queued");

    ledger.append(List.of(charge));

    assertThat(
            DATABASE
                .client()
                .sql("select * from compute.ledger where user_id = ?")
                .param(ada)
                .query()
                .singleRow())
        .containsEntry("job_id", charge.jobId())
        .containsEntry("environment", "test")
        .containsEntry("period", "2026-11")
        .containsEntry("operation", "echo")
        .containsEntry("units", 7L)
        .containsEntry("key_id", "worker")
        .containsEntry("origin_key_id", "queued")
        .containsEntry("created_at", Timestamp.from(now.get()));
  }

  @Test
  void an_entry_without_an_origin_has_none_rather_than_an_empty_one() {
    ledger.append(List.of(charge(newResult(Environment.LIVE), Environment.LIVE, 1, "own", "")));

    assertThat(count("origin_key_id is null")).isEqualTo(1);
  }

  @Test
  void the_sums_of_an_hour_count_for_the_key_that_asked() {
    ledger.append(
        List.of(
            charge(newResult(Environment.LIVE), Environment.LIVE, 3, "worker", "own"),
            charge(newResult(Environment.LIVE), Environment.LIVE, 4, "own", "")));
    now.set(Instant.parse("2026-11-24T10:59:59.999Z"));
    ledger.append(List.of(charge(newResult(Environment.LIVE), Environment.LIVE, 5, "own", "")));

    assertThat(hours("own", "2026-11-24T10:00:00Z")).containsExactly(3L, 12L);
    assertThat(hours("worker", "2026-11-24T10:00:00Z")).isEmpty();
  }

  @Test
  void the_next_hour_has_sums_of_its_own() {
    ledger.append(List.of(charge(newResult(Environment.LIVE), Environment.LIVE, 3, "own", "")));
    now.set(Instant.parse("2026-11-24T11:00:00Z"));
    ledger.append(List.of(charge(newResult(Environment.LIVE), Environment.LIVE, 5, "own", "")));

    assertThat(hours("own", "2026-11-24T10:00:00Z")).containsExactly(1L, 3L);
    assertThat(hours("own", "2026-11-24T11:00:00Z")).containsExactly(1L, 5L);
  }

  @Test
  void a_job_is_charged_once_and_a_batch_with_a_second_charge_is_not_written_at_all() {
    var job = newResult(Environment.LIVE);
    ledger.append(List.of(charge(job, Environment.LIVE, 3, "own", "")));
    var other = charge(newResult(Environment.LIVE), Environment.LIVE, 1, "own", "");

    assertThatExceptionOfType(DataIntegrityViolationException.class)
        .isThrownBy(
            () -> ledger.append(List.of(other, charge(job, Environment.LIVE, 3, "own", ""))));
    assertThat(count("true")).isEqualTo(1);
    assertThat(hours("own", "2026-11-24T10:00:00Z")).containsExactly(1L, 3L);
  }

  @Test
  void the_charge_of_held_units_says_what_was_held_and_how_the_job_ended() {
    ledger.append(
        charge(UUID.randomUUID(), Environment.LIVE, 3, "own", ""), Outcome.CANCELLED, 5, 3);

    assertThat(count("outcome = 'cancelled' and held = 5 and reported is null")).isEqualTo(1);
    assertThat(hours("own", "2026-11-24T10:00:00Z")).containsExactly(1L, 3L);
  }

  @Test
  void a_report_above_what_was_held_is_kept_beside_the_charge() {
    ledger.append(
        charge(UUID.randomUUID(), Environment.LIVE, 5, "own", ""), Outcome.SUCCEEDED, 5, 9);

    assertThat(count("units = 5 and held = 5 and reported = 9")).isEqualTo(1);
  }

  @Test
  void the_database_refuses_a_charge_above_what_was_held() {
    var charge = charge(UUID.randomUUID(), Environment.LIVE, 6, "own", "");

    assertThatExceptionOfType(DataIntegrityViolationException.class)
        .isThrownBy(() -> ledger.append(charge, Outcome.SUCCEEDED, 5, 6));
  }

  @Test
  void nothing_is_written_for_no_charges() {
    assertThatCode(() -> ledger.append(List.of())).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update compute.ledger set units = 0",
        "delete from compute.ledger",
        "truncate compute.ledger",
        "update compute.ledger_hours set units = 0",
        "insert into compute.ledger_hours select * from compute.ledger_hours",
      })
  void the_database_lets_compute_server_add_entries_and_nothing_else(String statement) {
    assertThatExceptionOfType(BadSqlGrammarException.class)
        .isThrownBy(() -> DATABASE.client().sql(statement).update())
        .havingRootCause()
        .withMessageContaining("permission denied");
  }

  private Ledger.Charge charge(
      UUID job, Environment environment, long units, String keyId, String origin) {
    return new Ledger.Charge(ada, job, environment, "2026-11", "echo", 1, units, keyId, origin);
  }

  /** Returns the id of a job with a stored result. */
  private UUID newResult(Environment environment) {
    var job = UUID.randomUUID();
    DATABASE.sql(
        "insert into compute.results values (?, ?, ?, 'echo', '', '{}', 1, now())",
        ada,
        job,
        environment.wire());
    return job;
  }

  private long count(String condition) {
    return DATABASE.number(
        "select count(*) from compute.ledger where user_id = ? and " + condition, ada);
  }

  /** Returns the jobs and units of a key in an hour, or nothing. */
  private List<Long> hours(String keyId, String hour) {
    return DATABASE
        .client()
        .sql(
            "select unnest(array[jobs, units]) from compute.ledger_hours"
                + " where user_id = ? and key_id = ? and hour = ?::timestamptz")
        .params(ada, keyId, hour)
        .query((row, index) -> row.getLong(1))
        .list();
  }
}
