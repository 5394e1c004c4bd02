package dev.behalf.web.work.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.JobState;
import dev.behalf.web.work.events.JobChanges;
import dev.behalf.web.work.events.JobChanges.Change;
import dev.behalf.web.work.jobs.PublicState;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter.DataWithMediaType;

/** What a page receives, and what happens to one that receives too slowly. */
class EventStreamTest {

  private static final UUID ADA = UUID.randomUUID();

  private final EventStream page = new EventStream("session");
  private final Connection connection = new Connection();
  private final AtomicInteger closed = new AtomicInteger();

  @Test
  void events_arrive_in_their_order() throws Exception {
    connection.open(page);
    var events = events(500);

    page.hello("last");
    events.forEach(page::tell);

    await().until(() -> connection.sent.size() == 501);
    assertThat(connection.sent.getFirst()).isEqualTo("id:last\nevent:hello\ndata:{}\n\n");
    assertThat(connection.sent.subList(1, 501))
        .zipSatisfy(events, (text, event) -> assertThat(text).contains("id:" + event.id() + "\n"));
  }

  @Test
  void what_is_told_before_the_connection_stands_is_not_lost() throws Exception {
    page.goesOn("7");

    connection.open(page);

    await().until(() -> connection.text().contains("id:7\nevent:goes-on\ndata:{}\n\n"));
  }

  @ParameterizedTest
  @EnumSource(JobState.class)
  void a_change_tells_the_job_its_state_and_whether_it_is_open(JobState state) throws Exception {
    connection.open(page);
    var change = new Change(ADA, UUID.randomUUID(), state);

    page.tell(new LiveEvent("w.0", change));

    await().until(() -> connection.sent.size() == 1);
    assertThat(connection.sent.getFirst())
        .startsWith("id:w.0\nevent:job\ndata:Changed[id=" + change.jobId())
        .contains("state=" + PublicState.of(state), "open=" + state.isOpen())
        .as("the user's id is nobody's business")
        .doesNotContain(ADA.toString());
  }

  @Test
  void a_heartbeat_is_a_comment_without_an_id() throws Exception {
    connection.open(page);

    page.heartbeat();

    await().until(() -> connection.sent.size() == 1);
    assertThat(connection.sent.getFirst().strip()).isEqualTo(":");
  }

  @Test
  void a_page_may_be_a_thousand_events_behind() throws Exception {
    connection.block();
    connection.open(page);
    page.heartbeat();
    assertThat(connection.reached.await(10, TimeUnit.SECONDS)).isTrue();

    events(1_000).forEach(page::tell);
    assertThat(connection.completions).as("closed").hasValue(0);

    connection.go.countDown();
    await().until(() -> connection.sent.size() == 1_001);
  }

  @Test
  void a_page_that_is_farther_behind_is_closed_and_holds_up_nobody() throws Exception {
    connection.block();
    connection.open(page);
    page.heartbeat();
    assertThat(connection.reached.await(10, TimeUnit.SECONDS)).isTrue();
    events(1_000).forEach(page::tell);

    // Returns at once, although the reader still blocks the stream.
    page.heartbeat();
    connection.go.countDown();

    await().untilAtomic(connection.completions, org.hamcrest.Matchers.equalTo(1));
  }

  @Test
  void a_page_that_is_gone_is_closed_at_the_next_event() throws Exception {
    connection.open(page);
    page.whenClosed(closed::incrementAndGet);
    connection.gone = new IOException("Broken pipe");

    page.heartbeat();

    await().until(() -> connection.failure != null);
    assertThat(connection.failure).hasMessageContaining("Broken pipe");
  }

  @Test
  void closing_runs_the_action_once_and_ends_the_sender() throws Exception {
    page.whenClosed(closed::incrementAndGet);
    connection.open(page);
    var sender = (Thread) Objects.requireNonNull(ReflectionTestUtils.getField(page, "sender"));

    page.close();
    connection.completed();

    assertThat(closed).hasValue(1);
    await().until(() -> !sender.isAlive());
  }

  @Test
  void the_events_of_a_notification_have_ids_of_their_own() {
    var changes = List.of(change(), change(), change());

    assertThat(LiveEvent.of(new JobChanges.Notification("word", changes)))
        .containsExactly(
            new LiveEvent("word.0", changes.get(0)),
            new LiveEvent("word.1", changes.get(1)),
            new LiveEvent("word.2", changes.get(2)));
  }

  private static List<LiveEvent> events(int count) {
    return IntStream.range(0, count).mapToObj(i -> new LiveEvent("w." + i, change())).toList();
  }

  private static Change change() {
    return new Change(ADA, UUID.randomUUID(), JobState.SUCCEEDED);
  }

  /** The browser's end of a stream. Spring's interface for it is package-private. */
  private static final class Connection {

    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final List<Runnable> whenCompleted = new ArrayList<>();
    private final AtomicInteger completions = new AtomicInteger();
    private final CountDownLatch reached = new CountDownLatch(1);
    private CountDownLatch go = new CountDownLatch(0);
    private volatile @Nullable IOException gone;
    private volatile @Nullable Throwable failure;

    void block() {
      go = new CountDownLatch(1);
    }

    void open(EventStream page) throws Exception {
      var end = Class.forName(ResponseBodyEmitter.class.getName() + "$Handler");
      var handler =
          Proxy.newProxyInstance(
              end.getClassLoader(),
              new Class<?>[] {end},
              (self, method, given) -> {
                take(method.getName(), given);
                return null;
              });
      ReflectionTestUtils.invokeMethod(page.stream(), "initialize", handler);
    }

    private void take(String method, Object[] given) throws Exception {
      switch (method) {
        case "send" -> send(given[0]);
        case "onCompletion" -> whenCompleted.add((Runnable) given[0]);
        case "complete" -> completions.incrementAndGet();
        case "completeWithError" -> failure = (Throwable) given[0];
        default -> {}
      }
    }

    private void send(Object parts) throws Exception {
      reached.countDown();
      go.await();
      if (gone != null) {
        throw gone;
      }
      sent.add(
          ((Collection<?>) parts)
              .stream()
                  .map(part -> ((DataWithMediaType) part).getData().toString())
                  .collect(Collectors.joining()));
    }

    void completed() {
      whenCompleted.forEach(Runnable::run);
    }

    String text() {
      return String.join("", sent);
    }
  }
}
