package dev.behalf.compute.charges;

import static dev.behalf.compute.charges.TestCharges.charge;
import static dev.behalf.compute.charges.TestCharges.user;
import static dev.behalf.compute.charges.TestCharges.worker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.compute.quota.Account;
import dev.behalf.compute.quota.KeyCaps;
import dev.behalf.compute.quota.Quota;
import dev.behalf.compute.quota.QuotaState;
import dev.behalf.compute.quota.Quotas;
import dev.behalf.contract.Environment;
import dev.behalf.contract.Period;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.apikeys.KeyHolder;
import dev.behalf.server.problem.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChargeDecisionsTest {

  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final Period PERIOD = Period.at(NOW);
  private static final Quota QUOTA = Quotas.withoutDatabase(() -> NOW);

  private final UUID ada = UUID.randomUUID();
  private final UUID job = UUID.randomUUID();
  private final KeyHolder free = user(ada, Environment.LIVE, "free", null);
  private final Books books = new Books();

  /** What is stored, as a batch reads it under its locks. */
  private static final class Books {
    final Set<UUID> users = new HashSet<>();
    final Map<Account, QuotaState> quotas = new HashMap<>();
    final Map<KeyCaps.Key, KeyCaps.Cap> caps = new HashMap<>();
    final Map<PendingCharge.Ref, Results.Found> saved = new HashMap<>();
    final Set<PendingCharge.Ref> cancelled = new HashSet<>();

    void quota(UUID user, Environment environment, long limit, long used) {
      users.add(user);
      quotas.put(
          new Account(user, environment), new QuotaState(environment, PERIOD, limit, used, 0));
    }

    void save(PendingCharge charge) {
      var result = charge.result();
      saved.put(
          charge.ref(),
          new Results.Found(
              new SavedResult(result.jobId(), result.result(), result.units(), true),
              charge.fingerprint(),
              charge.version()));
    }

    ChargeDecisions batch() {
      var known = new HashMap<PendingCharge.Ref, Results.Earlier>(saved);
      cancelled.forEach(
          ref -> known.putIfAbsent(ref, new Results.Ended(ChargeDecisions.cancelled())));
      return new ChargeDecisions(QUOTA, users, quotas, caps, known);
    }

    /** Stores what a batch has decided. */
    void write(ChargeDecisions batch) {
      batch.accepted().forEach(this::save);
      batch
          .charges()
          .forEach(
              (account, units) ->
                  quotas.computeIfPresent(
                      account,
                      (same, state) ->
                          new QuotaState(
                              state.environment(),
                              state.period(),
                              state.limit(),
                              state.used() + units,
                              state.held())));
      batch
          .capCharges()
          .forEach(
              (key, units) ->
                  caps.computeIfPresent(
                      key, (same, cap) -> new KeyCaps.Cap(cap.limit(), cap.used() + units)));
    }
  }

  @Test
  void the_charge_of_a_deleted_account_is_refused_even_if_its_result_is_known() {
    var charge = charge(free, job, 1);
    books.save(charge);

    assertRefused(books.batch().decide(charge), ProblemCode.KEY_INVALID);
  }

  @Test
  void a_stored_job_is_replayed_as_it_was_stored_and_costs_nothing() {
    books.quota(ada, Environment.LIVE, 10, 10);
    books.save(charge(free, job, 7));
    var batch = books.batch();

    var decision = batch.decide(charge(free, job, 9).with("\"computed anew\""));

    assertThat(decision)
        .isEqualTo(new ChargeDecision.Saved(new SavedResult(job, "{\"text\":\"input\"}", 7, true)));
    assertNothingWritten(batch);
  }

  @Test
  void the_id_of_a_stored_job_is_refused_for_another_input() {
    books.quota(ada, Environment.LIVE, 10, 0);
    books.save(charge(free, job, 1, "input", null));
    var batch = books.batch();

    assertRefused(batch.decide(charge(free, job, 1, "other", null)), ProblemCode.JOB_ID_REUSED);
    assertNothingWritten(batch);
  }

  @Test
  void a_cancelled_job_is_refused_and_costs_nothing() {
    books.quota(ada, Environment.LIVE, 10, 0);
    var charge = charge(free, job, 1);
    books.cancelled.add(charge.ref());
    var batch = books.batch();

    assertRefused(batch.decide(charge), ProblemCode.JOB_CANCELLED);
    assertNothingWritten(batch);
  }

  @Test
  void a_job_that_is_cancelled_in_test_is_charged_in_live() {
    books.quota(ada, Environment.LIVE, 10, 0);
    books.cancelled.add(charge(user(ada, Environment.TEST, "t", null), job, 1).ref());

    assertSaved(books.batch().decide(charge(free, job, 1)));
  }

  @Test
  void the_last_unit_of_a_quota_can_be_used_and_no_more() {
    books.quota(ada, Environment.LIVE, 10, 6);

    assertSaved(books.batch().decide(charge(free, job, 4)));
    assertRefused(books.batch().decide(charge(free, job, 5)), ProblemCode.QUOTA_EXCEEDED);
  }

  @Test
  void a_quota_that_was_lowered_below_its_use_has_nothing_left() {
    books.quota(ada, Environment.LIVE, 5, 9);

    assertThat(refused(books.batch().decide(charge(free, job, 1))).detail())
        .startsWith("Of 5 live units for 2026-11, 0 are left");
  }

  @Test
  void charges_of_a_batch_count_for_those_after_them() {
    books.quota(ada, Environment.LIVE, 10, 3);
    var batch = books.batch();
    assertSaved(batch.decide(charge(free, UUID.randomUUID(), 5)));

    var problem = refused(batch.decide(charge(free, UUID.randomUUID(), 3)));

    assertThat(problem.detail()).startsWith("Of 10 live units for 2026-11, 2 are left");
    assertThat(problem.headers()).containsEntry("RateLimit", "\"live\";r=2;t=568800");
  }

  @Test
  void a_refused_charge_leaves_its_units_to_those_after_it() {
    books.quota(ada, Environment.LIVE, 10, 0);
    var batch = books.batch();
    var small = charge(free, UUID.randomUUID(), 10);

    assertRefused(batch.decide(charge(free, job, 11)), ProblemCode.QUOTA_EXCEEDED);
    assertSaved(batch.decide(small));
    assertThat(batch.accepted()).containsExactly(small);
  }

  @Test
  void users_and_environments_do_not_use_up_each_others_quota() {
    var bob = UUID.randomUUID();
    books.quota(ada, Environment.LIVE, 1, 1);
    books.quota(ada, Environment.TEST, 1, 0);
    books.quota(bob, Environment.LIVE, 1, 0);
    var batch = books.batch();

    assertRefused(batch.decide(charge(free, job, 1)), ProblemCode.QUOTA_EXCEEDED);
    assertSaved(batch.decide(charge(user(ada, Environment.TEST, "t", null), job, 1)));
    assertSaved(batch.decide(charge(user(bob, Environment.LIVE, "b", null), job, 1)));
    assertThat(batch.charges())
        .containsOnly(
            Map.entry(new Account(ada, Environment.TEST), 1L),
            Map.entry(new Account(bob, Environment.LIVE), 1L));
  }

  @Test
  void the_last_unit_of_a_cap_can_be_used_and_no_more() {
    books.quota(ada, Environment.LIVE, 100, 0);
    books.caps.put(new KeyCaps.Key(ada, "capped"), new KeyCaps.Cap(10, 6));
    var capped = user(ada, Environment.LIVE, "capped", 10L);

    assertSaved(books.batch().decide(charge(capped, job, 4)));
    assertRefused(books.batch().decide(charge(capped, job, 5)), ProblemCode.KEY_CAP_REACHED);
  }

  @Test
  void a_charge_that_its_cap_refuses_uses_no_quota() {
    books.quota(ada, Environment.LIVE, 10, 0);
    books.caps.put(new KeyCaps.Key(ada, "capped"), new KeyCaps.Cap(3, 0));
    var batch = books.batch();

    batch.decide(charge(user(ada, Environment.LIVE, "capped", 3L), job, 4));

    assertNothingWritten(batch);
    assertSaved(batch.decide(charge(free, UUID.randomUUID(), 10)));
  }

  @Test
  void a_charge_that_its_quota_refuses_uses_no_cap() {
    books.quota(ada, Environment.LIVE, 2, 0);
    books.caps.put(new KeyCaps.Key(ada, "capped"), new KeyCaps.Cap(2, 0));
    var capped = user(ada, Environment.LIVE, "capped", 2L);
    var batch = books.batch();

    assertRefused(batch.decide(charge(capped, job, 3)), ProblemCode.QUOTA_EXCEEDED);
    assertNothingWritten(batch);
    assertSaved(batch.decide(charge(capped, UUID.randomUUID(), 2)));
  }

  @Test
  void a_worker_and_the_user_charge_the_same_cap_of_a_key() {
    books.quota(ada, Environment.LIVE, 100, 0);
    books.caps.put(new KeyCaps.Key(ada, "capped"), new KeyCaps.Cap(10, 0));
    var batch = books.batch();
    assertSaved(
        batch.decide(
            charge(worker(ada, Environment.LIVE), UUID.randomUUID(), 6, "input", "capped")));

    assertRefused(
        batch.decide(charge(user(ada, Environment.LIVE, "capped", 10L), job, 5)),
        ProblemCode.KEY_CAP_REACHED);
    assertThat(batch.capCharges()).containsOnly(Map.entry(new KeyCaps.Key(ada, "capped"), 6L));
  }

  @Test
  void a_worker_charges_no_cap_for_a_key_without_one() {
    books.quota(ada, Environment.LIVE, 100, 0);
    var batch = books.batch();

    assertSaved(batch.decide(charge(worker(ada, Environment.LIVE), job, 6, "input", "free")));
    assertThat(batch.capCharges()).isEmpty();
    assertThat(batch.charges()).containsOnly(Map.entry(new Account(ada, Environment.LIVE), 6L));
  }

  @Test
  void a_job_that_a_batch_contains_twice_is_charged_once_and_then_replayed() {
    books.quota(ada, Environment.LIVE, 100, 0);
    var batch = books.batch();

    var first = saved(batch.decide(charge(free, job, 6).with("\"first\"")));
    var second = saved(batch.decide(charge(free, job, 6).with("\"second\"")));

    assertThat(first).isEqualTo(new SavedResult(job, "\"first\"", 6, false));
    assertThat(second).isEqualTo(new SavedResult(job, "\"first\"", 6, true));
    assertThat(batch.charges()).containsOnly(Map.entry(new Account(ada, Environment.LIVE), 6L));
  }

  @Test
  void a_job_that_a_batch_contains_with_two_inputs_keeps_the_first() {
    books.quota(ada, Environment.LIVE, 100, 0);
    var batch = books.batch();
    var first = charge(free, job, 1, "first", null);

    assertSaved(batch.decide(first));
    assertRefused(batch.decide(charge(free, job, 1, "second", null)), ProblemCode.JOB_ID_REUSED);
    assertThat(batch.accepted()).containsExactly(first);
  }

  @Test
  void a_refused_job_does_not_take_its_id() {
    books.quota(ada, Environment.LIVE, 5, 0);
    var batch = books.batch();

    assertRefused(batch.decide(charge(free, job, 6, "long", null)), ProblemCode.QUOTA_EXCEEDED);
    assertSaved(batch.decide(charge(free, job, 5, "short", null)));
  }

  @Test
  void what_was_read_for_a_batch_is_not_changed_by_it() {
    books.quota(ada, Environment.LIVE, 5, 0);

    books.batch().decide(charge(free, job, 1));

    assertThat(books.saved).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void a_batch_decides_as_if_each_charge_had_come_alone(long seed) {
    for (int round = 0; round < 50; round++) {
      var together = new RandomBatch(new Random(seed * 1_000 + round));
      var alone = new RandomBatch(new Random(seed * 1_000 + round));

      var batch = together.books.batch();
      var decisions =
          together.charges.stream().map(batch::decide).map(ChargeDecisionsTest::outcome).toList();
      together.books.write(batch);
      var oneByOne = new ArrayList<String>();
      for (var charge : alone.charges) {
        var single = alone.books.batch();
        oneByOne.add(outcome(single.decide(charge)));
        alone.books.write(single);
      }

      var about = "seed %d, round %d".formatted(seed, round);
      assertThat(decisions).as(about).isEqualTo(oneByOne);
      assertThat(together.books.quotas).as(about).isEqualTo(alone.books.quotas);
      assertThat(together.books.caps).as(about).isEqualTo(alone.books.caps);
      assertThat(together.books.saved.keySet()).as(about).isEqualTo(alone.books.saved.keySet());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15})
  void a_batch_charges_exactly_what_it_accepts_once_and_within_all_limits(long seed) {
    for (int round = 0; round < 50; round++) {
      var given = new RandomBatch(new Random(seed * 1_000 + round));
      var about = "seed %d, round %d".formatted(seed, round);
      var stored = Set.copyOf(given.books.saved.keySet());

      var batch = given.books.batch();
      var fresh = new ArrayList<PendingCharge>();
      for (var charge : given.charges) {
        if (batch.decide(charge) instanceof ChargeDecision.Saved saved
            && !saved.result().replayed()) {
          fresh.add(charge);
        }
      }

      assertThat(batch.accepted()).as(about).isEqualTo(fresh);
      assertThat(fresh).as(about).extracting(PendingCharge::ref).doesNotHaveDuplicates();
      assertThat(fresh)
          .as(about)
          .extracting(PendingCharge::ref)
          .doesNotContainAnyElementsOf(stored)
          .doesNotContainAnyElementsOf(given.books.cancelled);
      assertThat(batch.charges().values().stream().mapToLong(Long::longValue).sum())
          .as(about)
          .isEqualTo(fresh.stream().mapToLong(charge -> charge.result().units()).sum());
      given.books.write(batch);
      assertThat(given.books.quotas.values())
          .as(about)
          .allMatch(state -> state.used() <= state.limit());
      assertThat(given.books.caps.values()).as(about).allMatch(cap -> cap.used() <= cap.limit());
    }
  }

  /** Charges of two users and a deleted one, few of which fit, with many equal job ids. */
  private static final class RandomBatch {
    final Books books = new Books();
    final List<PendingCharge> charges = new ArrayList<>();

    RandomBatch(Random random) {
      var users = List.of(new UUID(0, 1), new UUID(0, 2), new UUID(0, 3));
      for (var user : users.subList(0, 2)) {
        for (var environment : Environment.values()) {
          var limit = random.nextInt(40);
          books.quota(user, environment, limit, random.nextInt(limit + 1));
        }
        var cap = 1 + random.nextInt(12);
        books.caps.put(
            new KeyCaps.Key(user, "capped"), new KeyCaps.Cap(cap, random.nextInt(cap + 1)));
      }
      for (int i = random.nextInt(30); i >= 0; i--) {
        charges.add(next(random, users.get(random.nextInt(users.size()))));
      }
      for (int i = 0; i < 3; i++) {
        books.save(next(random, users.get(random.nextInt(2))));
        books.cancelled.add(next(random, users.get(random.nextInt(2))).ref());
      }
      books.cancelled.removeAll(books.saved.keySet());
    }

    private static PendingCharge next(Random random, UUID user) {
      var environment = random.nextInt(4) == 0 ? Environment.TEST : Environment.LIVE;
      var holder =
          switch (random.nextInt(3)) {
            case 0 -> user(user, environment, "free", null);
            case 1 -> user(user, environment, "capped", 12L);
            default -> worker(user, environment);
          };
      var origin = List.of("capped", "free", "").get(random.nextInt(3));
      return charge(
          holder,
          new UUID(1, random.nextInt(12)),
          1 + random.nextInt(9),
          random.nextInt(5) == 0 ? "other" : "input",
          origin.isEmpty() ? null : origin);
    }
  }

  private static String outcome(ChargeDecision decision) {
    return switch (decision) {
      case ChargeDecision.Saved saved -> saved.result().toString();
      case ChargeDecision.Refused refused ->
          refused.problem().code() + " " + refused.problem().detail();
    };
  }

  private static SavedResult saved(ChargeDecision decision) {
    assertThat(decision).isInstanceOf(ChargeDecision.Saved.class);
    return ((ChargeDecision.Saved) decision).result();
  }

  private static void assertSaved(ChargeDecision decision) {
    assertThat(saved(decision).replayed()).as("the result was stored before").isFalse();
  }

  private static Problem refused(ChargeDecision decision) {
    assertThat(decision).isInstanceOf(ChargeDecision.Refused.class);
    return ((ChargeDecision.Refused) decision).problem();
  }

  private static void assertRefused(ChargeDecision decision, ProblemCode code) {
    assertThat(refused(decision).code()).isEqualTo(code);
  }

  private static void assertNothingWritten(ChargeDecisions batch) {
    assertThat(batch.accepted()).isEmpty();
    assertThat(batch.charges()).isEmpty();
    assertThat(batch.capCharges()).isEmpty();
  }
}
