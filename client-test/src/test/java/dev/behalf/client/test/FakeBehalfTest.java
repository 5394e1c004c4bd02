package dev.behalf.client.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.client.BehalfClient;
import dev.behalf.client.JobEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The fake obeys the contract; what it has beside it is for tests. */
class FakeBehalfTest extends ClientContract {

  private final FakeBehalf fake = FakeBehalf.start().operation("echo", FakeBehalfTest::echo);
  private final BehalfClient behalf = fake.client();

  private static Object echo(FakeRun run) {
    var text = run.input().required("text").asString();
    if (text.equals("fail.always")) {
      throw new FakeFailure("payload_invalid", "Send something else.");
    }
    return Map.of("text", text);
  }

  @AfterEach
  void stop() {
    behalf.close();
    fake.close();
  }

  @Override
  protected BehalfClient behalf() {
    return behalf;
  }

  @Override
  protected BehalfClient with(String key) {
    return BehalfClient.builder(fake.address()).apiKey(key).build();
  }

  @Test
  void what_was_submitted_can_be_looked_at() {
    behalf.jobs().submit("echo", Map.of("text", "one"));

    assertThat(fake.submitted()).hasSize(1);
    assertThat(fake.submitted().getFirst().at("/payload/text").asString()).isEqualTo("one");
  }

  @Test
  void an_operation_speaks_while_it_works_and_hears_that_it_was_cancelled() throws Exception {
    var spoken = new CountDownLatch(1);
    var stopped = new CountDownLatch(1);
    fake.operation(
        "slow",
        run -> {
          run.progress(0.5, "half");
          run.output("Dear ");
          spoken.countDown();
          while (!run.isCancelled()) {
            TimeUnit.MILLISECONDS.sleep(5);
          }
          stopped.countDown();
          return Map.of();
        });
    var job = behalf.jobs().submit("slow", Map.of()).job();
    assertThat(spoken.await(5, TimeUnit.SECONDS)).isTrue();

    behalf.jobs().cancel(job.id());
    var events = new ArrayList<JobEvent>();
    behalf.jobs().stream(job.id(), events::add);

    assertThat(stopped.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(events).extracting(JobEvent::name).containsExactly("progress", "output", "end");
    assertThat(events.stream().map(JobEvent::delta).collect(Collectors.joining()))
        .isEqualTo("Dear ");
    assertThat(behalf.jobs().get(job.id()).state()).isEqualTo("cancelled");
  }

  @Test
  void an_outage_is_lived_through() throws Exception {
    fake.unavailable(2);

    var job = behalf.jobs().submit("echo", Map.of("text", "x")).job();

    assertThat(behalf.jobs().await(job.id(), Duration.ofSeconds(10)).hasSucceeded()).isTrue();
    assertThat(fake.submitted()).hasSize(1);
  }

  @Test
  void a_fault_of_an_operation_fails_its_job() throws Exception {
    fake.operation(
        "broken",
        run -> {
          throw new IllegalStateException("oops");
        });
    var job = behalf.jobs().submit("broken", Map.of()).job();

    assertThat(behalf.jobs().await(job.id(), Duration.ofSeconds(10)).code())
        .isEqualTo("engine_failed");
  }
}
