package dev.behalf.compute.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.behalf.compute.engines.ComputeSlots.Origin;
import dev.behalf.compute.engines.ComputeSlots.Place;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.problem.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No test here waits for as long as a slot may take: what is to wait is freed or interrupted. */
@Timeout(4)
class ComputeSlotsTest {

  private static final Task SMALL = TestTasks.task("embed", "x");
  private static final String MIB = "x".repeat(1024 * 1024);

  private final ComputeSlots slots = new ComputeSlots();
  private final int half = Math.max(1, slots.count() / 2);
  private final BlockingQueue<String> outcomes = new LinkedBlockingQueue<>();
  private final List<Thread> calls = Collections.synchronizedList(new ArrayList<>());
  private final BlockingQueue<Place> taken = new LinkedBlockingQueue<>();

  @AfterEach
  void stop() throws InterruptedException {
    for (var call : calls) {
      call.interrupt();
      call.join();
    }
  }

  @Test
  void workers_may_take_all_slots_without_waiting() {
    assertThat(takeAll(Origin.WORKER)).hasSize(slots.count());
  }

  @Test
  void a_direct_call_waits_for_one_of_its_half_though_a_slot_is_free() throws Exception {
    var first = take(half, Origin.DIRECT).getFirst();
    waiting("direct", SMALL, Origin.DIRECT);

    take(slots.count() - half, Origin.WORKER);
    assertThat(outcomes).as("the direct call takes no place of a worker").isEmpty();
    first.close();

    assertThat(outcome()).isEqualTo("direct");
  }

  @Test
  void a_direct_call_waits_while_workers_have_all_slots() throws Exception {
    var places = takeAll(Origin.WORKER);
    waiting("direct", SMALL, Origin.DIRECT);

    places.getFirst().close();

    assertThat(outcome()).isEqualTo("direct");
  }

  @Test
  void a_freed_slot_goes_to_whom_has_waited_longest_worker_or_not() throws Exception {
    var places = takeAll(Origin.WORKER);
    waiting("first", SMALL, Origin.DIRECT);
    waiting("second", SMALL, Origin.WORKER);
    waiting("third", SMALL, Origin.WORKER);

    places.getFirst().close();
    assertThat(outcome()).isEqualTo("first");
    taken.take().close();
    assertThat(outcome()).isEqualTo("second");
    taken.take().close();
    assertThat(outcome()).isEqualTo("third");
  }

  @ParameterizedTest
  @EnumSource
  void a_slot_can_be_taken_again_whenever_it_was_left(Origin origin) {
    for (int i = 0; i < 100; i++) {
      takeAll(origin).forEach(Place::close);
    }

    assertThat(takeAll(Origin.WORKER)).hasSize(slots.count());
  }

  @ParameterizedTest
  @EnumSource
  void a_call_that_is_stopped_while_it_waits_is_told_to_try_again(Origin origin) throws Exception {
    takeAll(Origin.WORKER);
    waiting("call", SMALL, origin).interrupt();

    assertThat(outcome()).isEqualTo("UNAVAILABLE, interrupted: true");
  }

  @Test
  void a_direct_call_that_is_stopped_while_it_waits_leaves_its_half_as_it_was() throws Exception {
    var places = takeAll(Origin.WORKER);
    for (int i = 0; i < half; i++) {
      waiting("call", SMALL, Origin.DIRECT).interrupt();
      outcome();
    }
    places.forEach(Place::close);

    assertThat(takeAll(Origin.DIRECT)).hasSize(half);
  }

  @Test
  void a_call_is_refused_at_once_while_16_mebi_characters_wait() throws Exception {
    takeAll(Origin.WORKER);
    waiting("large", payload(16), Origin.WORKER);

    assertBusy(SMALL);
  }

  @Test
  void calls_wait_together_up_to_16_mebi_characters() throws Exception {
    takeAll(Origin.WORKER);
    waiting("first", payload(10), Origin.WORKER);
    waiting("second", payload(6), Origin.DIRECT);

    assertBusy(SMALL);
  }

  @Test
  void a_call_that_has_its_slot_no_longer_counts_as_waiting() throws Exception {
    var places = takeAll(Origin.WORKER);
    waiting("large", payload(16), Origin.WORKER);
    places.getFirst().close();
    outcome();

    waiting("next", payload(16), Origin.WORKER);
    taken.take().close();

    assertThat(outcome()).isEqualTo("next");
  }

  @Test
  void a_call_that_was_stopped_no_longer_counts_as_waiting() throws Exception {
    var places = takeAll(Origin.WORKER);
    waiting("large", payload(16), Origin.WORKER).interrupt();
    outcome();

    waiting("next", payload(16), Origin.WORKER);
    places.getFirst().close();

    assertThat(outcome()).isEqualTo("next");
  }

  @Test
  void a_payload_larger_than_all_that_may_wait_is_taken_alone() {
    slots.take(payload(17), Origin.WORKER).close();

    assertThat(takeAll(Origin.WORKER)).hasSize(slots.count());
  }

  /** Returns as many places as calls of the origin may take at once. */
  private List<Place> takeAll(Origin origin) {
    return take(origin == Origin.WORKER ? slots.count() : half, origin);
  }

  private List<Place> take(int count, Origin origin) {
    var places = new ArrayList<Place>();
    for (int i = 0; i < count; i++) {
      places.add(slots.take(SMALL, origin));
    }
    return places;
  }

  /** Starts a call and returns its thread once it waits. */
  private Thread waiting(String name, Task payload, Origin origin) {
    var call =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    taken.add(slots.take(payload, origin));
                    outcomes.add(name);
                  } catch (Problem problem) {
                    outcomes.add(
                        problem.code()
                            + ", interrupted: "
                            + Thread.currentThread().isInterrupted());
                  }
                });
    calls.add(call);
    await()
        .pollInterval(Duration.ofMillis(2))
        .until(call::getState, state -> state == Thread.State.TIMED_WAITING);
    return call;
  }

  /** Returns the name of the next call that has its slot, or the problem of one that has none. */
  private @Nullable String outcome() throws InterruptedException {
    return outcomes.poll(2, TimeUnit.SECONDS);
  }

  private void assertBusy(Task payload) {
    var start = System.nanoTime();
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> slots.take(payload, Origin.WORKER))
        .returns(ProblemCode.BUSY, Problem::code);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
  }

  private static Task payload(int mebi) {
    var input = StrictJson.MAPPER.createObjectNode();
    var texts = input.putArray("labels");
    Collections.nCopies(mebi, MIB).forEach(texts::add);
    return TestTasks.task("classify", input);
  }
}
