package dev.behalf.compute.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.behalf.compute.ComputeDatabase;
import dev.behalf.contract.Environment;
import dev.behalf.contract.Period;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class QuotaTest {

  private static final ComputeDatabase DATABASE = new ComputeDatabase();
  private static final long DEFAULT = 1_000_000;

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-24T10:00:00Z"));
  private final Quota quota = new Quota(DATABASE.client(), now::get);
  private final UUID ada = DATABASE.newUser();
  private final Account live = new Account(ada, Environment.LIVE);
  private final Account test = new Account(ada, Environment.TEST);

  @ParameterizedTest
  @CsvSource({
    "2026-11-01T00:00:00Z, 2026-11",
    "2026-11-30T23:59:59.999999999Z, 2026-11",
    "2026-12-31T23:59:59.999Z, 2026-12",
    "2027-01-01T00:00:00Z, 2027-01",
  })
  void a_charge_counts_for_its_month_in_utc(Instant at, String period) {
    now.set(at);

    assertThat(quota.period().name()).isEqualTo(period);
  }

  @Test
  void a_new_user_has_the_default_limit_in_both_environments() {
    assertThat(quota.states(ada))
        .containsExactly(
            new QuotaState(Environment.LIVE, quota.period(), DEFAULT, 0, 0),
            new QuotaState(Environment.TEST, quota.period(), DEFAULT, 0, 0));
  }

  @Test
  void all_that_is_left_may_be_asked_for_and_no_more() {
    limit(live, "2026-11", 10, 4);

    assertThatCode(() -> quota.require(live, 6)).doesNotThrowAnyException();
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> quota.require(live, 7))
        .returns(ProblemCode.QUOTA_EXCEEDED, Problem::code)
        .withMessageContaining("Of 10 live units for 2026-11, 6 are left");
  }

  @Test
  void the_row_of_a_later_month_by_a_replica_whose_clock_is_ahead_is_not_read() {
    limit(live, "2026-11", 10, 10);
    limit(live, "2026-12", 10, 0);

    assertThat(quota.states(ada).getFirst().used()).isEqualTo(10);
    assertThatExceptionOfType(Problem.class).isThrownBy(() -> quota.require(live, 1));
  }

  @Test
  void nothing_is_left_of_a_limit_below_the_use() {
    limit(live, "2026-11", 3, 4);

    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> quota.require(live, 1))
        .withMessageContaining("0 are left");
  }

  @Test
  void what_is_held_is_not_left() {
    limit(live, "2026-11", 10, 4);
    DATABASE.sql("update compute.quota set held = 5 where user_id = ?", ada);

    assertThat(quota.states(ada).getFirst().left()).isEqualTo(1);
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> quota.require(live, 2))
        .withMessageContaining("1 are left and 5 are held for jobs under way");
  }

  @Test
  void a_question_stores_nothing() {
    quota.require(live, 1);
    quota.states(ada);

    assertThat(DATABASE.number("select count(*) from compute.quota where user_id = ?", ada))
        .isZero();
  }

  @Test
  void charges_of_one_month_add_up_and_touch_no_other_account() {
    charge(Map.of(live, 5L));
    charge(Map.of(live, 2L, test, 1L));

    assertThat(used(live)).isEqualTo(7);
    assertThat(used(test)).isEqualTo(1);
    assertThat(used(new Account(DATABASE.newUser(), Environment.LIVE))).isZero();
  }

  @Test
  void a_new_month_starts_unused_with_the_limit_of_the_latest_one() {
    limit(live, "2026-08", 50, 1);
    limit(live, "2026-09", 70, 69);

    assertThat(quota.states(ada).getFirst())
        .as("asked before the first charge of the month")
        .isEqualTo(new QuotaState(Environment.LIVE, quota.period(), 70, 0, 0));
    charge(Map.of(live, 3L));

    assertThat(quota.states(ada).getFirst())
        .isEqualTo(new QuotaState(Environment.LIVE, quota.period(), 70, 3, 0));
    assertThat(usedIn("2026-09")).as("the old month").isEqualTo(69);
  }

  @Test
  void the_limit_of_one_environment_is_not_carried_over_to_the_other() {
    limit(live, "2026-10", 70, 0);

    assertThat(lock(Set.of(live, test)))
        .hasEntrySatisfying(live, state -> assertThat(state.limit()).isEqualTo(70))
        .hasEntrySatisfying(test, state -> assertThat(state.limit()).isEqualTo(DEFAULT));
  }

  @Test
  void the_turn_of_the_month_between_two_charges_separates_them() {
    now.set(Instant.parse("2026-11-30T23:59:59.999Z"));
    charge(Map.of(live, 5L));
    now.set(Instant.parse("2026-12-01T00:00:00Z"));
    charge(Map.of(live, 7L));

    assertThat(usedIn("2026-11")).isEqualTo(5);
    assertThat(usedIn("2026-12")).isEqualTo(7);
  }

  @Test
  void a_charge_whose_month_ended_before_the_commit_counts_for_the_month_of_its_lock() {
    var period = quota.period();
    DATABASE
        .transaction()
        .executeWithoutResult(
            status -> {
              quota.lock(Set.of(live), period);
              now.set(Instant.parse("2026-12-01T00:00:00Z"));
              quota.charge(Map.of(live, 5L), period);
            });

    assertThat(usedIn("2026-11")).isEqualTo(5);
    assertThat(usedIn("2026-12")).isZero();
  }

  @Test
  void the_lock_returns_opened_and_unopened_accounts() {
    limit(live, "2026-11", 10, 4);

    assertThat(lock(Set.of(live, test)))
        .containsOnly(
            Map.entry(live, new QuotaState(Environment.LIVE, quota.period(), 10, 4, 0)),
            Map.entry(test, new QuotaState(Environment.TEST, quota.period(), DEFAULT, 0, 0)));
  }

  @Test
  void no_account_is_locked_if_none_is_named() {
    assertThat(lock(Set.of())).isEmpty();
  }

  @Test
  void a_charge_is_undone_with_its_transaction() {
    charge(Map.of(live, 5L));
    DATABASE
        .transaction()
        .executeWithoutResult(
            status -> {
              quota.charge(Map.of(live, 2L), quota.period());
              status.setRollbackOnly();
            });

    assertThat(used(live)).isEqualTo(5);
  }

  @Test
  void a_locked_account_is_read_by_others_only_after_the_charge() throws Exception {
    var locked = new CountDownLatch(1);
    var mayCharge = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first =
          threads.submit(
              () ->
                  DATABASE
                      .transaction()
                      .executeWithoutResult(
                          status -> {
                            quota.lock(Set.of(live), quota.period());
                            locked.countDown();
                            await(mayCharge);
                            quota.charge(Map.of(live, 5L), quota.period());
                          }));
      await(locked);
      var second = threads.submit(() -> lock(Set.of(live)).get(live));
      Awaitility.await().until(() -> sessionsThatWaitForALock() == 1);
      mayCharge.countDown();

      first.get();
      assertThat(Objects.requireNonNull(second.get()).used()).isEqualTo(5);
    }
  }

  @Test
  void many_charges_at_once_never_exceed_the_limit_though_the_month_is_not_open() throws Exception {
    limit(live, "2026-10", 5, 0);

    var accepted = atOnce(12, () -> chargeIfLeft(live, 1));

    assertThat(accepted.stream().filter(taken -> taken)).hasSize(5);
    assertThat(used(live)).isEqualTo(5);
  }

  @Test
  void batches_with_the_same_accounts_do_not_block_each_other_for_ever() throws Exception {
    var accounts = new ArrayList<>(List.of(live, test));
    for (int i = 0; i < 6; i++) {
      accounts.add(new Account(DATABASE.newUser(), Environment.LIVE));
    }

    atOnce(
        12,
        () -> {
          var charges = new HashMap<Account, Long>();
          accounts.forEach(account -> charges.put(account, 1L));
          charge(charges);
          return true;
        });

    assertThat(accounts).allSatisfy(account -> assertThat(used(account)).isEqualTo(12));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-01T00:00:00Z, 2592000",
    "2026-11-30T23:59:00Z, 60",
    "2026-11-30T23:59:59.999Z, 1",
    "2026-12-01T00:00:05Z, 1",
  })
  void a_refusal_says_how_long_the_month_lasts_and_at_least_a_second(Instant at, String seconds) {
    var november = Period.at(now.get());
    now.set(at);

    var problem = quota.exceeded(new QuotaState(Environment.TEST, november, 2_000, 500, 0), 300);

    assertThat(problem.headers())
        .containsEntry("RateLimit-Policy", "\"test\";q=2000;w=2592000")
        .containsEntry("RateLimit", "\"test\";r=1200;t=" + seconds)
        .containsEntry("Retry-After", seconds);
  }

  private static long sessionsThatWaitForALock() {
    return DATABASE
        .client()
        .sql(
            "select count(*) from pg_stat_activity where datname = current_database()"
                + " and wait_event_type = 'Lock'")
        .query(Long.class)
        .single();
  }

  private boolean chargeIfLeft(Account account, long units) {
    return Boolean.TRUE.equals(
        DATABASE
            .transaction()
            .execute(
                status -> {
                  var states = quota.lock(Set.of(account), quota.period());
                  var isLeft = Objects.requireNonNull(states.get(account)).left() >= units;
                  if (isLeft) {
                    quota.charge(Map.of(account, units), quota.period());
                  }
                  return isLeft;
                }));
  }

  private void charge(Map<Account, Long> charges) {
    var period = quota.period();
    DATABASE
        .transaction()
        .executeWithoutResult(
            status -> {
              quota.lock(charges.keySet(), period);
              quota.charge(charges, period);
            });
  }

  private Map<Account, QuotaState> lock(Set<Account> accounts) {
    return Objects.requireNonNull(
        DATABASE.transaction().execute(status -> quota.lock(accounts, quota.period())));
  }

  private long used(Account account) {
    return quota.states(account.userId()).stream()
        .filter(state -> state.environment() == account.environment())
        .findFirst()
        .orElseThrow()
        .used();
  }

  private long usedIn(String period) {
    return DATABASE.number(
        "select coalesce(sum(used), 0) from compute.quota where user_id = ? and period = ?",
        ada,
        period);
  }

  private static void limit(Account account, String period, long limit, long used) {
    DATABASE.sql(
        "insert into compute.quota (user_id, environment, period, limit_units, used) values (?, ?,"
            + " ?, ?, ?)",
        account.userId(),
        account.environment().wire(),
        period,
        limit,
        used);
  }

  private static List<Boolean> atOnce(int count, Callable<Boolean> call)
      throws InterruptedException, ExecutionException {
    try (var threads = Executors.newFixedThreadPool(count)) {
      var results = new ArrayList<Boolean>();
      for (Future<Boolean> result : threads.invokeAll(Collections.nCopies(count, call))) {
        results.add(result.get());
      }
      return results;
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).as("the other transaction went on").isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
