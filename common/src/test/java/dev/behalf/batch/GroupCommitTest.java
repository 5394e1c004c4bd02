package dev.behalf.batch;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupCommitTest {

  /** Work that notes each batch and waits to be released; the answer is the batch itself. */
  private static final class Held<T> implements GroupCommit.Work<T, T> {
    private final List<List<T>> ran = new CopyOnWriteArrayList<>();
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch hold = new CountDownLatch(1);

    @Override
    public List<T> run(List<T> batch) throws Exception {
      ran.add(List.copyOf(batch));
      started.countDown();
      hold.await();
      return batch;
    }

    private List<Integer> sizes() {
      return ran.stream().map(List::size).toList();
    }
  }

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
    var work = new Held<String>();
    try (var batches =
        new GroupCommit<>(
            "test",
            new GroupCommit.Bounds<>(100, 100, 10, 30, String::length),
            failed -> false,
            work)) {
      var verdicts = new ArrayList<CompletableFuture<String>>();
      verdicts.add(batches.add("alone"));
      work.started.await();
      for (var request : List.of("12345", "12345", "more than ten")) {
        verdicts.add(batches.add(request));
      }
      assertThatThrownBy(() -> batches.add("12345")).isInstanceOf(RejectedExecutionException.class);
      work.hold.countDown();
      verdicts.forEach(CompletableFuture::join);

      assertThat(work.sizes()).containsExactly(1, 2, 1);
      assertThat(batches.add("room again").join()).isEqualTo("room again");
    }
  }

  @Test
  void every_request_of_many_threads_runs_once_and_gets_its_own_verdict() throws Exception {
    var ran = new ConcurrentLinkedQueue<Integer>();
    var largest = new AtomicInteger();
    try (var batches =
            new GroupCommit<Integer, Integer>(
                "test",
                bounds(16, 10_000),
                failed -> false,
                batch -> {
                  ran.addAll(batch);
                  largest.accumulateAndGet(batch.size(), Math::max);
                  return batch.stream().map(n -> -n).toList();
                });
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var verdicts = new ArrayList<Future<Integer>>();
      for (int i = 0; i < 4_000; i++) {
        int request = i;
        verdicts.add(threads.submit(() -> batches.add(request).get(10, SECONDS)));
      }

      for (int i = 0; i < verdicts.size(); i++) {
        assertThat(verdicts.get(i).get()).isEqualTo(-i);
      }
      assertThat(ran).hasSize(4_000).doesNotHaveDuplicates();
      assertThat(largest.get()).as("the largest batch").isBetween(1, 16);
    }
  }

  @Test
  void requests_run_in_the_order_in_which_they_came() throws Exception {
    var work = new Held<Integer>();
    try (var batches = new GroupCommit<>("test", bounds(3, 100), failed -> false, work)) {
      var verdicts = IntStream.range(0, 20).mapToObj(batches::add).toList();
      work.hold.countDown();
      verdicts.forEach(CompletableFuture::join);

      assertThat(work.ran.stream().flatMap(List::stream).toList())
          .containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
    }
  }

  /** A large request holds back those behind it rather than being overtaken for ever. */
  @Test
  void a_request_that_no_longer_fits_is_not_overtaken_by_a_smaller_one() throws Exception {
    var work = new Held<String>();
    try (var batches =
        new GroupCommit<>(
            "test",
            new GroupCommit.Bounds<>(100, 100, 10, 100, String::length),
            failed -> false,
            work)) {
      var verdicts = new ArrayList<CompletableFuture<String>>();
      verdicts.add(batches.add("first"));
      work.started.await();
      for (var request : List.of("1234567", "12345678", "1")) {
        verdicts.add(batches.add(request));
      }
      work.hold.countDown();
      verdicts.forEach(CompletableFuture::join);

      assertThat(work.ran)
          .containsExactly(List.of("first"), List.of("1234567"), List.of("12345678", "1"));
    }
  }

  @Test
  void a_batch_of_exactly_the_bytes_at_once_is_one_batch() throws Exception {
    var work = new Held<String>();
    try (var batches =
        new GroupCommit<>(
            "test",
            new GroupCommit.Bounds<>(100, 100, 10, 100, String::length),
            failed -> false,
            work)) {
      var first = batches.add("first");
      work.started.await();
      var five = batches.add("12345");
      var ten = batches.add("67890");
      work.hold.countDown();
      CompletableFuture.allOf(first, five, ten).join();

      assertThat(work.sizes()).containsExactly(1, 2);
    }
  }

  @Test
  void a_request_larger_than_everything_that_may_wait_runs_when_nothing_else_does() {
    try (var batches = echoing(new GroupCommit.Bounds<>(5, 5, 10, 20, String::length))) {
      var large = "x".repeat(21);

      assertThat(batches.add(large).join()).isEqualTo(large);
    }
  }

  @Test
  void a_request_without_bytes_counts_as_one() throws Exception {
    var work = new Held<String>();
    try (var batches =
        new GroupCommit<>(
            "test",
            new GroupCommit.Bounds<>(5, 100, 10, 2, String::length),
            failed -> false,
            work)) {
      var first = batches.add("");
      var second = batches.add("");

      assertThatThrownBy(() -> batches.add(""))
          .isInstanceOf(RejectedExecutionException.class)
          .hasMessageContaining("bytes");
      work.hold.countDown();
      CompletableFuture.allOf(first, second).join();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void failed_batches_leave_no_bytes_taken(boolean mayBeOfOne) {
    try (var batches =
        new GroupCommit<String, String>(
            "test",
            new GroupCommit.Bounds<>(5, 20, 5, 20, request -> 1),
            failed -> mayBeOfOne,
            batch -> {
              throw new IllegalStateException("no");
            })) {
      for (int round = 0; round < 40; round++) {
        assertThat(IntStream.range(0, 5).mapToObj(i -> batches.add("bad")).toList())
            .as("round %d", round)
            .allSatisfy(verdict -> assertThatThrownBy(verdict::join).hasRootCauseMessage("no"));
      }
    }
  }

  /** Even an error must not end the thread: all later requests would wait for ever. */
  @Test
  void an_error_of_the_work_fails_its_batch_and_the_thread_goes_on() {
    try (var batches =
        new GroupCommit<String, String>(
            "test",
            bounds(5, 100),
            failed -> false,
            batch -> {
              if (batch.contains("bad")) {
                throw new AssertionError("no");
              }
              return batch;
            })) {
      assertThatThrownBy(batches.add("bad")::join).hasRootCauseInstanceOf(AssertionError.class);
      assertThat(batches.add("good")).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("good");
    }
  }

  @Test
  void a_request_for_which_the_work_returned_no_verdict_fails() throws Exception {
    var started = new CountDownLatch(1);
    var hold = new CountDownLatch(1);
    try (var batches =
        new GroupCommit<String, String>(
            "test",
            bounds(5, 100),
            failed -> false,
            batch -> {
              started.countDown();
              hold.await();
              return batch.subList(0, 1);
            })) {
      var first = batches.add("first");
      started.await();
      var answered = batches.add("answered");
      var forgotten = batches.add("forgotten");
      hold.countDown();

      assertThat(first.join()).isEqualTo("first");
      assertThat(answered.join()).isEqualTo("answered");
      assertThat(forgotten)
          .failsWithin(Duration.ofSeconds(10))
          .withThrowableThat()
          .withCauseInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void closing_twice_is_no_error() {
    var batches = echoing(bounds(5, 100));
    batches.close();
    batches.close();

    assertThatThrownBy(() -> batches.add("late")).isInstanceOf(RejectedExecutionException.class);
  }

  private static GroupCommit<String, String> echoing(GroupCommit.Bounds<String> bounds) {
    return new GroupCommit<>("test", bounds, failed -> false, batch -> batch);
  }

  private static <T> GroupCommit.Bounds<T> bounds(int atOnce, int mayWait) {
    return new GroupCommit.Bounds<>(atOnce, mayWait, 1_000, 100_000, request -> 1);
  }

  /** Often: the end comes at another moment of the thread each time. */
  @RepeatedTest(100)
  void too_many_that_wait_are_refused_and_the_end_tells_those_who_wait() throws Exception {
    var never = new Held<Integer>();
    var batches = new GroupCommit<>("test", bounds(1, 2), failed -> false, never);
    var running = batches.add(0);
    never.started.await();
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
