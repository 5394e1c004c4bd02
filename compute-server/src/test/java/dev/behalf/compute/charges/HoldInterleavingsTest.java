package dev.behalf.compute.charges;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.compute.charges.ChargeDecision.Refused;
import dev.behalf.compute.charges.ChargeDecision.Saved;
import dev.behalf.compute.charges.HoldDecision.Decided;
import dev.behalf.compute.charges.HoldDecision.Held;
import dev.behalf.compute.quota.Holds.Hold;
import dev.behalf.contract.Environment;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.apikeys.KeyHolder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/** Random steps on a few jobs of one user, one after the other and at the same time. */
class HoldInterleavingsTest {

  private static final int JOBS = 2;
  private static final long LIMIT = 60;
  private static final long CAP = 40;

  /** What a decision may say beside "held" and "saved": none of these is a fault. */
  private static final Set<ProblemCode> ALLOWED =
      Set.of(
          ProblemCode.QUOTA_EXCEEDED,
          ProblemCode.KEY_CAP_REACHED,
          ProblemCode.BUSY,
          ProblemCode.UNAVAILABLE,
          ProblemCode.JOB_CANCELLED,
          ProblemCode.JOB_ID_REUSED);

  enum Act {
    HOLD,
    SETTLE,
    RELEASE,
    CANCEL,
    END_LEASE,
    SWEEP,
    CHARGE_WITHOUT_HOLD,
    NEXT_DAY,
    LOWER_LIMIT,
    RAISE_LIMIT
  }

  /**
   * One step.
   *
   * @param which the hold that is settled or released, counted from the latest one of the job: an
   *     earlier one is that of a server that was taken for lost
   */
  record Step(Act act, int job, long units, boolean isCapped, int which) {}

  /** One user with what was held so far. */
  private static final class World {
    final boolean oneByOne;
    final Books books = new Books();
    final UUID user = books.newUser(LIMIT);
    final List<UUID> jobs = new ArrayList<>();
    final KeyHolder free = TestCharges.user(user, Environment.LIVE, "free", null);
    final KeyHolder capped = TestCharges.user(user, Environment.LIVE, books.newKey(user, CAP), CAP);
    final List<List<Hold>> held = new ArrayList<>();

    World(boolean oneByOne) {
      this.oneByOne = oneByOne;
      for (int i = 0; i < JOBS; i++) {
        jobs.add(UUID.randomUUID());
        held.add(new CopyOnWriteArrayList<>());
      }
    }

    void play(Step step) {
      var job = jobs.get(step.job());
      var charge = TestCharges.charge(step.isCapped() ? capped : free, job, step.units());
      switch (step.act()) {
        case HOLD -> {
          switch (books.hold(charge)) {
            case Held now -> held.get(step.job()).add(now.hold());
            case Decided decided -> check(decided.decision());
          }
        }
        case SETTLE -> hold(step).ifPresent(hold -> settle(step, hold, charge));
        case RELEASE -> hold(step).ifPresent(books.charges::release);
        case CANCEL -> books.cancel(user, job);
        case END_LEASE -> books.endLease(job);
        case SWEEP -> books.charges.endOverdue();
        case CHARGE_WITHOUT_HOLD -> check(books.store(charge));
        case NEXT_DAY -> books.now.updateAndGet(now -> now.plus(Duration.ofDays(1)));
        case LOWER_LIMIT -> books.limit(user, 5);
        case RAISE_LIMIT -> books.limit(user, LIMIT);
      }
    }

    private void settle(Step step, Hold hold, PendingCharge charge) {
      var decision = books.charges.settle(hold, charge);
      check(decision);
      if (oneByOne && decision instanceof Saved saved && !saved.result().replayed()) {
        assertThat(held.get(step.job())).as("the latest hold settles").endsWith(hold);
      }
    }

    private Optional<Hold> hold(Step step) {
      var all = held.get(step.job());
      var index = all.size() - 1 - step.which();
      return index < 0 ? Optional.empty() : Optional.of(all.get(index));
    }

    private static void check(ChargeDecision decision) {
      if (decision instanceof Refused refused) {
        assertThat(refused.problem().code()).isIn(ALLOWED);
      }
    }

    /** Ends what is still open, as a sweep does after the last server was lost. */
    void end() {
      jobs.forEach(books::endLease);
      books.charges.endOverdue();
    }
  }

  @Property(tries = 40, shrinking = ShrinkingMode.BOUNDED)
  void after_every_step_the_sums_agree_and_no_hold_has_passed_the_limit(
      @ForAll("steps") List<Step> steps) {
    var world = new World(true);
    for (var step : steps) {
      var before = world.books.committed(world.user);
      world.play(step);
      assertThat(world.books.faults(world.user)).as("after %s", step).isEmpty();
      assertThat(world.books.committed(world.user))
          .as("used and held after %s", step)
          .isLessThanOrEqualTo(Math.max(before, world.books.limitOf(world.user)));
      assertThat(world.books.committedOfKey(world.capped.keyId())).isLessThanOrEqualTo(CAP);
    }
    world.end();
    assertThat(world.books.held(world.user)).isZero();
    assertThat(world.books.faults(world.user)).isEmpty();
  }

  @Property(tries = 10, shrinking = ShrinkingMode.OFF)
  void steps_at_the_same_time_leave_sums_that_agree_and_nothing_held(
      @ForAll("steps") List<Step> steps) throws Exception {
    var world = new World(false);
    try (var threads = Executors.newFixedThreadPool(4)) {
      var calls =
          steps.stream()
              .filter(step -> step.act() != Act.LOWER_LIMIT)
              .map(
                  step ->
                      (Callable<Boolean>)
                          () -> {
                            world.play(step);
                            return true;
                          })
              .toList();
      for (var done : threads.invokeAll(calls)) {
        assertThat(done.get()).isTrue();
      }
    }
    assertThat(world.books.faults(world.user)).isEmpty();
    assertThat(world.books.committed(world.user)).isLessThanOrEqualTo(LIMIT);
    assertThat(world.books.committedOfKey(world.capped.keyId())).isLessThanOrEqualTo(CAP);
    world.end();
    assertThat(world.books.held(world.user)).isZero();
    assertThat(world.books.faults(world.user)).isEmpty();
  }

  @Provide
  static Arbitrary<List<Step>> steps() {
    var acts =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.just(Act.HOLD)),
            Tuple.of(4, Arbitraries.just(Act.SETTLE)),
            Tuple.of(3, Arbitraries.just(Act.END_LEASE)),
            Tuple.of(5, Arbitraries.of(Act.class)));
    return Combinators.combine(
            acts,
            Arbitraries.integers().between(0, JOBS - 1),
            Arbitraries.longs().between(1, 30),
            Arbitraries.of(true, false),
            Arbitraries.frequency(Tuple.of(2, 0), Tuple.of(1, 1)))
        .as(Step::new)
        .list()
        .ofMinSize(5)
        .ofMaxSize(40);
  }
}
