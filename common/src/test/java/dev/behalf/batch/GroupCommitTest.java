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

class GroupCommitTest {

  @Test
  void what_comes_during_a_batch_makes_up_the_next_and_each_gets_its_own_verdict() {
    var sizes = new ArrayList<Integer>();
    var first = new CountDownLatch(1);
    try (var batches =
        new GroupCommit<Integer, Integer>(
            "test",
            bounds(5, 100),
            failed -> false,
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
        new GroupCommit<String, String>(
            "test",
            bounds(5, 100),
            failed -> false,
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

  @Test
  void one_bad_request_fails_alone_where_the_failure_may_be_its_own() throws Exception {
    var hold = new CountDownLatch(1);
    try (var batches =
        new GroupCommit<String, String>(
            "test",
            bounds(5, 100),
            IllegalStateException.class::isInstance,
            batch -> {
              hold.await();
              if (batch.contains("bad")) {
                throw new IllegalStateException("no");
              }
              return batch;
            })) {
      var first = batches.add("first");
      var good = batches.add("good");
      var bad = batches.add("bad");
      var other = batches.add("other");
      hold.countDown();

      assertThatThrownBy(bad::join).hasRootCauseMessage("no");
      assertThat(List.of(first.join(), good.join(), other.join()))
          .containsExactly("first", "good", "other");
    }
  }

  @Test
  void what_goes_together_and_what_waits_is_bounded_in_bytes() throws Exception {
    var sizes = new ArrayList<Integer>();
    var started = new CountDownLatch(1);
    var hold = new CountDownLatch(1);
    try (var batches =
        new GroupCommit<String, String>(
            "test",
            new GroupCommit.Bounds<>(100, 100, 10, 30, String::length),
            failed -> false,
            batch -> {
              sizes.add(batch.size());
              started.countDown();
              hold.await();
              return batch;
            })) {
      var verdicts = new ArrayList<CompletableFuture<String>>();
      verdicts.add(batches.add("alone"));
      started.await();
      for (var request : List.of("12345", "12345", "more than ten")) {
        verdicts.add(batches.add(request));
      }
      assertThatThrownBy(() -> batches.add("12345")).isInstanceOf(RejectedExecutionException.class);
      hold.countDown();
      verdicts.forEach(CompletableFuture::join);

      assertThat(sizes).containsExactly(1, 2, 1);
      assertThat(batches.add("room again").join()).isEqualTo("room again");
    }
  }

  private static <T> GroupCommit.Bounds<T> bounds(int atOnce, int mayWait) {
    return new GroupCommit.Bounds<>(atOnce, mayWait, 1_000, 100_000, request -> 1);
  }

  /** Often: the end comes at another moment of the thread each time. */
  @RepeatedTest(100)
  void too_many_that_wait_are_refused_and_the_end_tells_those_who_wait() throws Exception {
    var started = new CountDownLatch(1);
    var never = new CountDownLatch(1);
    var batches =
        new GroupCommit<Integer, Integer>(
            "test",
            bounds(1, 2),
            failed -> false,
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
