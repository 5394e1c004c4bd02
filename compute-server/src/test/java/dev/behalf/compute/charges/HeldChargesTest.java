package dev.behalf.compute.charges;

import static dev.behalf.compute.charges.TestCharges.charge;
import static dev.behalf.compute.charges.TestCharges.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.compute.charges.HoldDecision.Decided;
import dev.behalf.compute.charges.HoldDecision.Held;
import dev.behalf.compute.quota.Holds.Hold;
import dev.behalf.contract.Environment;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.apikeys.KeyHolder;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HeldChargesTest {

  private final Books books = new Books();
  private final UUID ada = books.newUser(100);
  private final KeyHolder key = user(ada, Environment.LIVE, "own", null);
  private final UUID job = UUID.randomUUID();

  @Test
  void the_greatest_cost_is_held_and_what_was_reported_is_charged() {
    var hold = held(charge(key, job, 30));
    assertThat(books.state(ada)).isEqualTo("used 0, held 30");

    assertThat(books.charges.settle(hold, charge(key, job, 12)))
        .isEqualTo(new ChargeDecision.Saved(charge(key, job, 12).result()));
    assertThat(books.state(ada)).isEqualTo("used 12, held 0");
    assertThat(books.ledger(ada)).containsExactly("succeeded: 12 of 30");
  }

  @Test
  void a_report_above_the_hold_is_charged_as_the_hold_and_told_to_operators() {
    var hold = held(charge(key, job, 30));

    books.charges.settle(hold, charge(key, job, 31));

    assertThat(books.ledger(ada)).containsExactly("succeeded: 30 of 30, reported 31");
    assertThat(books.events)
        .containsExactly(new ChargeEvent.ReportedAboveHold(Environment.LIVE, "echo", job, 30, 31));
  }

  @Test
  void work_that_failed_costs_nothing() {
    books.charges.release(held(charge(key, job, 30)));

    assertThat(books.state(ada)).isEqualTo("used 0, held 0");
    assertThat(books.ledger(ada)).isEmpty();
  }

  @Test
  void all_that_is_left_may_be_held_and_no_more() {
    held(charge(key, UUID.randomUUID(), 60));

    assertRefused(books.hold(charge(key, job, 41)), ProblemCode.QUOTA_EXCEEDED);
    held(charge(key, job, 40));
    assertThat(books.state(ada)).isEqualTo("used 0, held 100");
  }

  @Test
  void a_cap_counts_what_is_held() {
    var capped = user(ada, Environment.LIVE, books.newKey(ada, 50), 50L);
    var hold = held(charge(capped, job, 30));

    assertRefused(books.hold(charge(capped, UUID.randomUUID(), 21)), ProblemCode.KEY_CAP_REACHED);
    books.charges.settle(hold, charge(capped, job, 10));
    held(charge(capped, UUID.randomUUID(), 40));
  }

  @Test
  void a_lowered_limit_refuses_new_holds_and_lets_open_ones_settle() {
    var hold = held(charge(key, job, 30));
    books.limit(ada, 10);

    assertRefused(books.hold(charge(key, UUID.randomUUID(), 1)), ProblemCode.QUOTA_EXCEEDED);
    assertThat(books.charges.settle(hold, charge(key, job, 30)))
        .isInstanceOf(ChargeDecision.Saved.class);
    assertThat(books.state(ada)).isEqualTo("used 30, held 0");
  }

  @Test
  void a_job_is_not_computed_twice_while_its_lease_lasts() {
    held(charge(key, job, 30));

    assertRefused(books.hold(charge(key, job, 30)), ProblemCode.BUSY);
    assertThat(books.state(ada)).isEqualTo("used 0, held 30");
  }

  @Test
  void after_the_lease_another_server_takes_the_job_over_and_the_first_one_can_charge_nothing() {
    var first = held(charge(key, job, 30));
    books.endLease(job);

    var second = held(charge(key, job, 30));
    assertThat(second.fence()).isGreaterThan(first.fence());
    assertThat(books.state(ada)).isEqualTo("used 0, held 30");
    assertRefused(books.charges.settle(first, charge(key, job, 5)), ProblemCode.UNAVAILABLE);
    books.charges.release(first);
    assertThat(books.state(ada)).isEqualTo("used 0, held 30");

    books.charges.settle(second, charge(key, job, 7));
    assertThat(books.ledger(ada)).containsExactly("succeeded: 7 of 30");
  }

  @Test
  void a_server_that_comes_late_gets_the_result_that_another_one_has_stored() {
    var first = held(charge(key, job, 30));
    books.endLease(job);
    books.charges.settle(held(charge(key, job, 30)), charge(key, job, 7));

    assertThat(books.charges.settle(first, charge(key, job, 5)))
        .isEqualTo(new ChargeDecision.Saved(TestCharges.replayed(charge(key, job, 7))));
    assertThat(books.state(ada)).isEqualTo("used 7, held 0");
  }

  @Test
  void the_hold_of_a_lost_server_ends_with_its_lease() {
    var lost = held(charge(key, job, 30));
    books.charges.endOverdue();
    assertThat(books.state(ada)).isEqualTo("used 0, held 30");

    books.endLease(job);
    books.charges.endOverdue();

    assertThat(books.state(ada)).isEqualTo("used 0, held 0");
    assertThat(books.events)
        .containsExactly(new ChargeEvent.HoldLapsed(Environment.LIVE, "echo", job));
    assertRefused(books.charges.settle(lost, charge(key, job, 5)), ProblemCode.UNAVAILABLE);
  }

  @Test
  void a_server_that_comes_back_ends_no_later_hold_of_the_same_job() {
    books.now.set(Instant.parse("2026-11-30T23:59:59Z"));
    var lost = held(charge(key, job, 30));
    books.endLease(job);
    books.charges.endOverdue();
    books.now.set(Instant.parse("2026-12-01T00:00:01Z"));
    held(charge(key, job, 30));

    books.charges.release(lost);
    assertRefused(books.charges.settle(lost, charge(key, job, 5)), ProblemCode.UNAVAILABLE);

    assertThat(books.state(ada, "2026-11")).isEqualTo("used 0, held 0");
    assertThat(books.state(ada, "2026-12")).isEqualTo("used 0, held 30");
  }

  @Test
  void a_job_that_is_cancelled_during_its_work_costs_nothing() {
    var hold = held(charge(key, job, 30));
    books.cancel(ada, job);

    assertRefused(books.charges.settle(hold, charge(key, job, 5)), ProblemCode.JOB_CANCELLED);
    assertThat(books.state(ada)).isEqualTo("used 0, held 0");
    assertRefused(books.hold(charge(key, job, 30)), ProblemCode.JOB_CANCELLED);
  }

  @Test
  void the_id_of_held_work_is_refused_for_another_input() {
    held(charge(key, job, 30, "input", null));

    assertRefused(books.hold(charge(key, job, 30, "other", null)), ProblemCode.JOB_ID_REUSED);
  }

  @Test
  void a_result_that_another_input_stored_under_the_same_id_is_not_replaced() {
    var hold = held(charge(key, job, 30, "input", null));
    books.store(charge(key, job, 1, "other", null));

    assertRefused(
        books.charges.settle(hold, charge(key, job, 5, "input", null)), ProblemCode.JOB_ID_REUSED);
    assertThat(books.state(ada)).isEqualTo("used 1, held 0");
  }

  @Test
  void a_charge_counts_for_the_month_and_the_day_of_its_hold() {
    books.now.set(Instant.parse("2026-11-30T23:59:59Z"));
    var capped = user(ada, Environment.LIVE, books.newKey(ada, 50), 50L);
    var hold = held(charge(capped, job, 30));
    books.now.set(Instant.parse("2026-12-01T00:00:01Z"));

    held(charge(capped, UUID.randomUUID(), 50));
    books.charges.settle(hold, charge(capped, job, 20));

    assertThat(books.state(ada, "2026-11")).isEqualTo("used 20, held 0");
    assertThat(books.state(ada, "2026-12")).isEqualTo("used 0, held 50");
    assertThat(books.unitsOfKey(capped.keyId(), "2026-11-30")).isEqualTo("20 + 0");
    assertThat(books.unitsOfKey(capped.keyId(), "2026-12-01")).isEqualTo("0 + 50");
  }

  @Test
  void work_that_is_taken_over_in_the_next_month_counts_for_its_first_month() {
    books.now.set(Instant.parse("2026-11-30T23:59:59Z"));
    held(charge(key, job, 30));
    books.endLease(job);
    books.now.set(Instant.parse("2026-12-01T00:00:01Z"));

    books.charges.settle(held(charge(key, job, 30)), charge(key, job, 20));

    assertThat(books.state(ada, "2026-11")).isEqualTo("used 20, held 0");
  }

  @Test
  void a_hold_ends_although_its_key_was_deleted_with_its_application() {
    var capped = user(ada, Environment.LIVE, books.newKey(ada, 50), 50L);
    var settled = held(charge(capped, job, 20));
    var released = held(charge(capped, UUID.randomUUID(), 20));
    books.deleteKey(capped.keyId());

    assertThat(books.charges.settle(settled, charge(capped, job, 5)))
        .isInstanceOf(ChargeDecision.Saved.class);
    books.charges.release(released);
    assertThat(books.state(ada)).isEqualTo("used 5, held 0");
  }

  @Test
  void nothing_is_held_or_charged_for_a_deleted_account() {
    var hold = held(charge(key, job, 30));
    books.delete(ada);

    assertRefused(books.charges.settle(hold, charge(key, job, 5)), ProblemCode.KEY_INVALID);
    assertRefused(books.hold(charge(key, job, 5)), ProblemCode.KEY_INVALID);
    books.charges.release(hold);
    books.charges.endOverdue();
  }

  private Hold held(PendingCharge charge) {
    var decision = books.hold(charge);
    assertThat(decision).isInstanceOf(Held.class);
    return ((Held) decision).hold();
  }

  private static void assertRefused(HoldDecision decision, ProblemCode code) {
    assertThat(decision).isInstanceOf(Decided.class);
    assertRefused(((Decided) decision).decision(), code);
  }

  private static void assertRefused(ChargeDecision decision, ProblemCode code) {
    assertThat(decision)
        .isInstanceOfSatisfying(
            ChargeDecision.Refused.class,
            refused -> assertThat(refused.problem().code()).isEqualTo(code));
  }
}
