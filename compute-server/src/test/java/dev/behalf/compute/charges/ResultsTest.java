package dev.behalf.compute.charges;

import static dev.behalf.compute.charges.TestCharges.charge;
import static dev.behalf.compute.charges.TestCharges.fingerprint;
import static dev.behalf.compute.charges.TestCharges.user;
import static dev.behalf.compute.charges.TestCharges.worker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.behalf.compute.ComputeDatabase;
import dev.behalf.contract.Environment;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.apikeys.KeyHolder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;

class ResultsTest {

  private static final ComputeDatabase DATABASE = new ComputeDatabase();
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00.123456Z");

  private final Results results = new Results(DATABASE.client(), () -> NOW);
  private final UUID ada = DATABASE.newUser();
  private final UUID job = UUID.randomUUID();
  private final KeyHolder live = user(ada, Environment.LIVE, "own", null);
  private final KeyHolder test = user(ada, Environment.TEST, "own", null);

  @Test
  void a_stored_result_is_found_as_a_replay_with_its_units_and_text() {
    var text = "{\"text\":\"'; drop table -- \\\\ \\\"é漢😀{}\"}";
    results.insert(List.of(charge(live, job, 7).with(text)));

    assertThat(results.find(ada, Environment.LIVE, job))
        .hasValue(new SavedResult(job, text, 7, true));
  }

  @Test
  void a_stored_result_is_found_for_a_charge_with_the_fingerprint_of_its_input() {
    results.insert(List.of(charge(live, job, 7, "stored", null)));
    var asked = charge(worker(ada, Environment.LIVE), job, 9, "other input", "queued");

    var found = results.find(List.of(asked));

    assertThat(found).containsOnlyKeys(asked.ref());
    var result = found(found, asked);
    assertThat(result.fingerprint()).isEqualTo(fingerprint("stored"));
    assertThat(result.saved()).isEqualTo(new SavedResult(job, "{\"text\":\"stored\"}", 7, true));
  }

  @Test
  void a_result_is_found_neither_by_another_user_nor_in_the_other_environment() {
    var bob = DATABASE.newUser();
    results.insert(List.of(charge(live, job, 1)));

    assertThat(results.find(bob, Environment.LIVE, job)).isEmpty();
    assertThat(results.find(ada, Environment.TEST, job)).isEmpty();
    assertThat(results.find(ada, Environment.LIVE, UUID.randomUUID())).isEmpty();
    assertThat(
            results.find(
                List.of(
                    charge(user(bob, Environment.LIVE, "k", null), job, 1),
                    charge(test, job, 1),
                    charge(live, UUID.randomUUID(), 1))))
        .isEmpty();
  }

  @Test
  void one_id_has_a_result_for_each_user_and_environment() {
    var bob = user(DATABASE.newUser(), Environment.LIVE, "k", null);
    var charges =
        List.of(
            charge(live, job, 1, "live", null),
            charge(test, job, 2, "test", null),
            charge(bob, job, 3, "bob", null));
    results.insert(charges);

    var found = results.find(charges);

    assertThat(charges)
        .extracting(charge -> found(found, charge).saved().units())
        .containsExactly(1L, 2L, 3L);
  }

  @Test
  void of_many_charges_those_that_are_stored_are_found() {
    var stored = charge(live, job, 1);
    var fresh = charge(live, UUID.randomUUID(), 1);
    results.insert(List.of(stored));

    assertThat(results.find(List.of(fresh, stored, stored))).containsOnlyKeys(stored.ref());
  }

  @Test
  void nothing_is_found_for_no_charges() {
    assertThat(results.find(List.of())).isEmpty();
  }

  @Test
  void a_second_result_of_a_job_is_refused_with_all_that_come_with_it() {
    results.insert(List.of(charge(live, job, 1)));
    var fresh = charge(live, UUID.randomUUID(), 1);

    assertThatExceptionOfType(DataIntegrityViolationException.class)
        .isThrownBy(() -> results.insert(List.of(fresh, charge(live, job, 1))));
    assertThat(results.find(List.of(fresh))).isEmpty();
  }

  @Test
  void the_result_of_a_deleted_user_is_refused() {
    var nobody = user(UUID.randomUUID(), Environment.LIVE, "k", null);

    assertThatExceptionOfType(DataIntegrityViolationException.class)
        .isThrownBy(() -> results.insert(List.of(charge(nobody, job, 1))));
  }

  @Test
  void a_result_has_the_time_of_the_clock_to_the_microsecond() {
    results.insert(List.of(charge(live, job, 1)));

    assertThat(
            DATABASE.number(
                "select count(*) from compute.results where job_id = ? and created_at ="
                    + " ?::timestamptz",
                job,
                NOW.toString()))
        .isEqualTo(1);
  }

  @Test
  void the_id_of_a_job_whose_result_was_deleted_is_not_charged_again() {
    DATABASE.sql(
        """
        insert into compute.ledger (user_id, job_id, environment, period, operation, units, key_id, created_at)
        values (?, ?, 'live', '2026-01', 'echo', 1, 'k', now())
        """,
        ada,
        job);
    var again = charge(live, job, 1);

    assertThat(ended(List.of(again, charge(test, job, 1))))
        .containsExactly(entry(again.ref(), ProblemCode.JOB_ID_REUSED));
    assertThat(results.decided(again)).containsInstanceOf(ChargeDecision.Refused.class);
  }

  @Test
  void a_run_that_was_charged_until_its_cancel_is_refused_as_cancelled() {
    DATABASE.sql(
        """
        insert into compute.ledger (user_id, job_id, environment, period, operation, units, key_id, created_at)
        values (?, ?, 'live', '2026-01', 'echo', 1, 'k', now())
        """,
        ada,
        job);
    cancel(ada, job);
    var again = charge(live, job, 1);

    assertThat(ended(List.of(again)))
        .containsExactly(entry(again.ref(), ProblemCode.JOB_CANCELLED));
  }

  @Test
  void a_cancelled_job_is_known_in_its_environment_for_its_owner_only() {
    var bob = user(DATABASE.newUser(), Environment.LIVE, "k", null);
    cancel(ada, job);
    var cancelled = charge(worker(ada, Environment.LIVE), job, 1);

    assertThat(
            ended(
                List.of(
                    cancelled,
                    cancelled,
                    charge(test, job, 1),
                    charge(bob, job, 1),
                    charge(live, UUID.randomUUID(), 1))))
        .containsExactly(entry(cancelled.ref(), ProblemCode.JOB_CANCELLED));
  }

  @Test
  void a_stored_job_is_replayed_even_if_it_was_cancelled_later() {
    var charge = charge(live, job, 7);
    results.insert(List.of(charge));
    cancel(ada, job);

    assertThat(found(results.find(List.of(charge)), charge).saved().units()).isEqualTo(7);
  }

  private static void cancel(UUID user, UUID job) {
    DATABASE.sql(
        "insert into compute.cancellations (user_id, job_id, cancelled_at, environment) values (?,"
            + " ?, now(), 'live')",
        user,
        job);
  }

  private static Results.Found found(
      Map<PendingCharge.Ref, Results.Earlier> known, PendingCharge charge) {
    return (Results.Found) Objects.requireNonNull(known.get(charge.ref()));
  }

  private Map<PendingCharge.Ref, ProblemCode> ended(List<PendingCharge> charges) {
    return results.find(charges).entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, known -> ((Results.Ended) known.getValue()).why().code()));
  }
}
