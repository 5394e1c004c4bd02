package dev.behalf.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcknowledgementsTest {

  private final FakeChannel broker = new FakeChannel();

  @Test
  void a_delivery_is_acknowledged_when_it_is_done_and_not_before() throws Exception {
    var acks = taken(8, 1);

    assertThat(broker.sent).isEmpty();
    acks.done(1);

    assertThat(broker.unacknowledged).isEmpty();
  }

  @Test
  void deliveries_done_in_order_are_acknowledged_at_once() throws Exception {
    var acks = taken(8, 3);
    acks.done(1);
    acks.done(2);
    acks.done(3);

    assertThat(broker.sent).containsExactly("ack ..1", "ack ..2", "ack ..3");
  }

  @Test
  void deliveries_behind_a_running_one_are_held_back_and_then_share_its_ack() throws Exception {
    var acks = taken(8, 4);
    acks.done(3);
    acks.done(2);
    assertThat(broker.sent).as("while delivery 1 runs").isEmpty();

    acks.done(1);

    assertThat(broker.sent).containsExactly("ack ..3");
    assertThat(broker.unacknowledged).containsExactly(4L);
  }

  @Test
  void half_of_the_prefetch_is_held_back_and_the_next_one_is_acknowledged_alone() throws Exception {
    var acks = taken(8, 7);
    for (long tag = 3; tag <= 6; tag++) {
      acks.done(tag);
    }
    assertThat(broker.sent).as("four of eight may be held back").isEmpty();

    acks.done(7);

    assertThat(broker.sent).as("the oldest alone, as 1 and 2 still run").containsExactly("ack 3");
  }

  @Test
  void a_slow_delivery_leaves_room_for_all_others() throws Exception {
    var acks = taken(8, 1);
    for (int i = 0; i < 1_000; i++) {
      var tag = broker.deliver();
      acks.taken(tag);
      acks.done(tag);
      assertThat(broker.unacknowledged).as("the slow one and half of 8").hasSizeLessThan(6);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void with_a_prefetch_of_one_nothing_is_held_back(int prefetch) throws Exception {
    var acks = taken(prefetch, 2);
    acks.done(2);

    assertThat(broker.sent).containsExactly("ack 2");
  }

  @Test
  void a_delivery_given_back_is_requeued_alone_and_at_once() throws Exception {
    var acks = taken(8, 3);
    acks.givenBack(2);

    assertThat(broker.sent).containsExactly("nack 2");
    assertThat(broker.unacknowledged).containsExactly(1L, 3L);
  }

  @Test
  void a_delivery_given_back_holds_back_no_later_one() throws Exception {
    var acks = taken(8, 2);
    acks.givenBack(1);
    acks.done(2);

    assertThat(broker.sent).containsExactly("nack 1", "ack ..2");
  }

  @Test
  void what_was_held_back_behind_a_delivery_is_acknowledged_when_it_is_given_back()
      throws Exception {
    var acks = taken(8, 2);
    acks.done(2);
    acks.givenBack(1);

    assertThat(broker.sent).containsExactly("nack 1", "ack ..2");
  }

  @Test
  void it_is_idle_while_nothing_runs() throws Exception {
    var acks = taken(8, 0);
    assertThat(acks.isIdle()).isTrue();

    acks.taken(broker.deliver());
    acks.taken(broker.deliver());
    assertThat(acks.isIdle()).isFalse();
    acks.done(1);
    assertThat(acks.isIdle()).isFalse();
    acks.givenBack(2);

    assertThat(acks.isIdle()).isTrue();
  }

  /** Otherwise the shutdown would wait for a delivery whose channel is closed. */
  @Test
  void a_delivery_whose_ack_fails_no_longer_runs() {
    var acks = taken(8, 2);
    broker.breakDown();

    assertThatIOException().isThrownBy(() -> acks.done(1));
    assertThatIOException().isThrownBy(() -> acks.givenBack(2));

    assertThat(acks.isIdle()).isTrue();
  }

  /** FakeChannel also rejects the ack of a delivery that is unknown or already acknowledged. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8, 33})
  void in_any_order_no_running_delivery_is_acknowledged_and_few_done_ones_wait(int prefetch)
      throws IOException {
    var seed = System.nanoTime();
    var random = new Random(seed);
    var acks = taken(prefetch, 0);
    var running = new ArrayList<Long>();
    for (int step = 0; step < 3_000; step++) {
      if (broker.unacknowledged.size() < prefetch && random.nextInt(3) > 0) {
        running.add(broker.deliver());
        acks.taken(running.getLast());
      } else if (!running.isEmpty()) {
        var tag = running.remove(random.nextInt(running.size()));
        if (random.nextInt(10) == 0) {
          acks.givenBack(tag);
        } else {
          acks.done(tag);
        }
      }

      var waiting = new TreeSet<>(broker.unacknowledged);
      assertThat(waiting).as("seed %d, step %d", seed, step).containsAll(running);
      waiting.removeAll(running);
      assertThat(waiting.size())
          .as("done and not acknowledged: seed %d, step %d", seed, step)
          .isLessThanOrEqualTo(prefetch / 2);
    }
    while (!running.isEmpty()) {
      acks.done(running.remove(random.nextInt(running.size())));
    }
    var last = broker.deliver();
    acks.taken(last);
    acks.done(last);

    assertThat(broker.unacknowledged).as("after all, seed %d", seed).isEmpty();
  }

  private Acknowledgements taken(int prefetch, int deliveries) {
    var acks = new Acknowledgements(broker.channel(), prefetch);
    for (int i = 0; i < deliveries; i++) {
      acks.taken(broker.deliver());
    }
    return acks;
  }
}
