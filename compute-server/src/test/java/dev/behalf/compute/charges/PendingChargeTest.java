package dev.behalf.compute.charges;

import static dev.behalf.compute.charges.TestCharges.charge;
import static dev.behalf.compute.charges.TestCharges.user;
import static dev.behalf.compute.charges.TestCharges.worker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.compute.quota.KeyCaps;
import dev.behalf.contract.Environment;
import dev.behalf.server.apikeys.KeyHolder;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PendingChargeTest {

  private final UUID ada = UUID.randomUUID();
  private final UUID job = UUID.randomUUID();

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      textBlock =
          """
          # caller, its cap, origin sent, origin, key whose cap is charged, may be capped
          user,     none,    none,        '',     own,                     false
          user,     5,       none,        '',     own,                     true
          user,     none,    queued,      '',     own,                     false
          user,     5,       queued,      '',     own,                     true
          worker,   none,    none,        '',     managed,                 false
          worker,   none,    queued,      queued, queued,                  true
          """)
  void only_a_worker_charges_the_cap_of_another_key(
      String caller,
      @Nullable Long cap,
      @Nullable String sent,
      String origin,
      String charged,
      boolean mayBeCapped) {
    var holder =
        caller.equals("worker")
            ? worker(ada, Environment.LIVE)
            : user(ada, Environment.LIVE, "own", cap);

    var charge = charge(holder, job, 1, "input", sent);

    assertThat(charge.originKey()).as("origin").isEqualTo(origin);
    assertThat(charge.cappedKey()).isEqualTo(new KeyCaps.Key(ada, charged));
    assertThat(charge.mayBeCapped()).as("may be capped").isEqualTo(mayBeCapped);
  }

  @Test
  void an_empty_origin_is_no_key() {
    var charge = charge(worker(ada, Environment.LIVE), job, 1, "input", "");

    assertThat(charge.originKey()).isEmpty();
    assertThat(charge.cappedKey()).isEqualTo(new KeyCaps.Key(ada, "managed"));
  }

  @Test
  void a_job_is_the_same_whichever_key_and_input_it_comes_with() {
    var one = charge(user(ada, Environment.LIVE, "own", null), job, 1, "input", null);
    var other = charge(worker(ada, Environment.LIVE), job, 2, "other", "queued");

    assertThat(one.ref()).isEqualTo(other.ref());
  }

  @Test
  void a_job_is_another_one_for_another_user_environment_or_id() {
    var ref = charge(worker(ada, Environment.LIVE), job, 1).ref();

    assertThat(charge(worker(UUID.randomUUID(), Environment.LIVE), job, 1).ref()).isNotEqualTo(ref);
    assertThat(charge(worker(ada, Environment.TEST), job, 1).ref()).isNotEqualTo(ref);
    assertThat(charge(worker(ada, Environment.LIVE), UUID.randomUUID(), 1).ref()).isNotEqualTo(ref);
  }

  @Test
  void a_computed_result_takes_the_place_of_the_empty_one_and_nothing_else_changes() {
    var before = charge(worker(ada, Environment.LIVE), job, 7, "input", "queued");

    var after = before.with("{}");

    assertThat(after.result()).isEqualTo(new SavedResult(job, "{}", 7, false));
    assertThat(after).usingRecursiveComparison().ignoringFields("result").isEqualTo(before);
  }

  @Test
  void the_memory_of_a_charge_grows_with_its_result_by_two_bytes_a_character() {
    KeyHolder holder = worker(ada, Environment.LIVE);

    assertThat(charge(holder, job, 1).with("x".repeat(4_000_000)).bytes())
        .isBetween(8_000_000, 8_010_000);
    assertThat(charge(holder, job, 1).with("").bytes())
        .as("a charge without a result takes memory too")
        .isPositive();
  }
}
