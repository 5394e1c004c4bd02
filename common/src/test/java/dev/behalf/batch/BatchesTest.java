package dev.behalf.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class BatchesTest {

  @Test
  void what_comes_during_a_batch_makes_up_the_next_and_each_gets_its_own_verdict() {
    var sizes = new ArrayList<Integer>();
    var first = new CountDownLatch(1);
    try (var batches =
        new Batches<Integer, Integer>(
            "test",
            1,
            5,
            100,
            batch -> {
              sizes.add(batch.size());
              first.await();
              return batch.stream().map(n -> n * 10).toList();
            })) {
      var alone = batches.add(0);
      while (sizes.isEmpty()) {
        Thread.onSpinWait();
      }
      var verdicts = new ArrayList<CompletableFuture<Integer>>();
      for (int i = 1; i <= 7; i++) {
        verdicts.add(batches.add(i));
      }
      first.countDown();

      assertThat(alone.join()).isZero();
      assertThat(verdicts.stream().map(CompletableFuture::join))
          .containsExactly(10, 20, 30, 40, 50, 60, 70);
      assertThat(sizes).containsExactly(1, 5, 2);
    }
  }

  @Test
  void a_batch_that_fails_fails_for_all_in_it_and_the_next_one_goes_on() {
    try (var batches =
        new Batches<String, String>(
            "test",
            1,
            5,
            100,
            batch -> {
              if (batch.contains("bad")) {
                throw new IllegalStateException("no");
              }
              return batch;
            })) {
      var bad = batches.add("bad");
      assertThatThrownBy(bad::join)
          .isInstanceOf(CompletionException.class)
          .hasRootCauseMessage("no");
      assertThat(batches.add("good").join()).isEqualTo("good");
    }
  }

  /** Often: the end comes at another moment of the thread each time. */
  @RepeatedTest(100)
  void too_many_that_wait_are_refused_and_the_end_tells_those_who_wait() throws Exception {
    var started = new CountDownLatch(1);
    var never = new CountDownLatch(1);
    var batches =
        new Batches<Integer, Integer>(
            "test",
            1,
            1,
            2,
            batch -> {
              started.countDown();
              never.await();
              return batch;
            });
    var running = batches.add(0);
    started.await();
    var waiting = List.of(batches.add(1), batches.add(2));

    assertThatThrownBy(() -> batches.add(3)).isInstanceOf(RejectedExecutionException.class);
    batches.close();

    assertThat(waiting)
        .allSatisfy(
            each ->
                assertThatThrownBy(each::join)
                    .hasRootCauseInstanceOf(RejectedExecutionException.class));
    assertThatThrownBy(running::join).hasRootCauseInstanceOf(InterruptedException.class);
    assertThatThrownBy(() -> batches.add(4)).isInstanceOf(RejectedExecutionException.class);
  }
}
