package dev.behalf.server.background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackgroundLoopTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final AtomicInteger rounds = new AtomicInteger();
  private final AtomicReference<@Nullable BackgroundLoop> current = new AtomicReference<>();

  @AfterEach
  void stop() {
    var loop = current.get();
    if (loop != null) {
      loop.stop(Duration.ofSeconds(5));
    }
  }

  @Test
  void it_runs_only_between_start_and_stop() {
    var loop = waiting();
    assertThat(loop.isRunning()).isFalse();

    loop.start();
    await().untilAtomic(rounds, equalTo(1));
    assertThat(loop.isRunning()).isTrue();

    loop.stop(LONG);
    assertThat(loop.isRunning()).isFalse();
    assertThat(rounds).as("rounds after the stop").hasValue(1);
  }

  @Test
  void a_round_that_fails_is_followed_by_another() {
    var seen = new AtomicReference<@Nullable Throwable>();
    var loop =
        new BackgroundLoop(
            "loop",
            () -> {
              if (rounds.incrementAndGet() == 1) {
                Thread.currentThread()
                    .setUncaughtExceptionHandler((thread, fault) -> seen.set(fault));
                throw new StackOverflowError("as an example");
              }
            });
    current.set(loop);

    loop.start();

    await().untilAtomic(rounds, greaterThan(1));
    assertThat(seen.get()).isInstanceOf(StackOverflowError.class);
  }

  @Test
  void a_call_while_nobody_waits_is_kept_for_the_next_wait() {
    var loop = new BackgroundLoop("loop", () -> {});

    loop.wake();

    assertThat(loop.isWokenWithin(LONG)).isTrue();
    assertThat(loop.isWokenWithin(Duration.ZERO)).isFalse();
  }

  @Test
  void many_calls_are_one() {
    var loop = new BackgroundLoop("loop", () -> {});

    for (int i = 0; i < 100; i++) {
      loop.wake();
    }

    assertThat(loop.isWokenWithin(Duration.ZERO)).isTrue();
    assertThat(loop.isWokenWithin(Duration.ZERO)).isFalse();
  }

  @Test
  void without_a_call_the_wait_ends_with_its_time() {
    assertThat(new BackgroundLoop("loop", () -> {}).isWokenWithin(Duration.ofMillis(5))).isFalse();
  }

  @Test
  void a_waiting_round_is_woken_by_a_call() {
    var loop = waiting();
    loop.start();
    await().untilAtomic(rounds, equalTo(1));

    loop.wake();

    await().untilAtomic(rounds, equalTo(2));
  }

  @Test
  void stop_waits_for_the_round_but_no_longer_than_its_patience() throws Exception {
    var begun = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    var loop =
        new BackgroundLoop(
            "loop",
            () -> {
              begun.countDown();
              awaitQuietly(go);
              ended.countDown();
            });
    loop.start();
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

    loop.stop(Duration.ofMillis(20));
    assertThat(ended.getCount()).as("the round goes on").isEqualTo(1);

    go.countDown();
    assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void it_can_be_started_again() {
    var loop = waiting();
    loop.start();
    await().untilAtomic(rounds, equalTo(1));
    loop.stop(LONG);

    loop.start();

    await().untilAtomic(rounds, greaterThan(1));
  }

  @Test
  void a_stop_of_what_does_not_run_does_nothing() {
    var loop = waiting();

    loop.stop(LONG);

    assertThat(loop.isRunning()).isFalse();
  }

  private BackgroundLoop waiting() {
    var loop =
        new BackgroundLoop(
            "loop",
            () -> {
              rounds.incrementAndGet();
              var self = current.get();
              if (self != null) {
                self.isWokenWithin(LONG);
              }
            });
    current.set(loop);
    return loop;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
