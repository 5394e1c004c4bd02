package dev.behalf.web.work.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.behalf.contract.JobState;
import dev.behalf.database.BehalfDatabase;
import dev.behalf.server.notifications.Notifications;
import dev.behalf.testkit.TestDatabase;
import dev.behalf.web.work.events.JobChanges.Change;
import dev.behalf.web.work.events.JobChanges.Notification;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is published arrives in every replica as it was, over a real channel. */
class JobChangesTest {

  private static final BehalfDatabase DATABASE = TestDatabase.create();

  private final List<List<Change>> told = new ArrayList<>();
  private final Ear ear = new Ear();
  private final Notifications notifications = notifications();
  private final JobChanges changes = new JobChanges(notifications, List.of(told::add));

  @BeforeEach
  void listen() throws Exception {
    notifications.listen(JobChanges.CHANNEL, ear);
    notifications.start();
    assertThat(ear.connected.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @AfterEach
  void stop() {
    notifications.stop();
  }

  @ParameterizedTest
  @EnumSource(JobState.class)
  void a_change_is_read_as_it_was_written(JobState state) throws Exception {
    var change = change(state);

    changes.publish(List.of(change));

    assertThat(ear.next().changes()).containsExactly(change);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "90, 1", "91, 2", "180, 2", "181, 3"})
  void many_changes_are_divided_and_keep_their_order(int count, int notifications)
      throws Exception {
    var all = changes(count);

    changes.publish(all);

    var heard = new ArrayList<Notification>();
    for (int i = 0; i < notifications; i++) {
      heard.add(ear.next());
    }
    assertThat(heard.stream().flatMap(one -> one.changes().stream())).isEqualTo(all);
    assertThat(heard).extracting(Notification::id).doesNotHaveDuplicates();
    assertThat(ear.heard).as("further notifications").isEmpty();
  }

  @Test
  void the_largest_notification_is_one_that_postgresql_accepts() throws Exception {
    var longest = IntStream.range(0, 90).mapToObj(i -> change(JobState.DISPATCHED)).toList();

    changes.publish(longest);

    assertThat(ear.nextText().getBytes(UTF_8).length).isLessThan(8_000);
  }

  @Test
  void listeners_of_this_process_are_told_once_whatever_the_number() {
    var all = changes(200);

    changes.publish(all);

    assertThat(told).containsExactly(all);
  }

  @Test
  void without_changes_nothing_is_sent() throws Exception {
    var marker = change(JobState.QUEUED);

    changes.publish(List.of());
    changes.publish(List.of(marker));

    assertThat(ear.next().changes()).containsExactly(marker);
  }

  @Test
  void pages_hear_nothing_of_a_change_that_a_listener_could_not_store() throws Exception {
    var broken =
        new JobChanges(
            notifications,
            List.of(
                changed -> {
                  throw new IllegalStateException("disk full");
                }));
    var marker = change(JobState.QUEUED);

    assertThatThrownBy(() -> broken.publish(changes(1))).hasMessage("disk full");
    changes.publish(List.of(marker));

    assertThat(ear.next().changes()).containsExactly(marker);
  }

  private static List<Change> changes(int count) {
    var states = List.of(JobState.values());
    return IntStream.range(0, count).mapToObj(i -> change(states.get(i % states.size()))).toList();
  }

  private static Change change(JobState state) {
    return new Change(UUID.randomUUID(), UUID.randomUUID(), state);
  }

  private static final class Ear implements Notifications.Listener {
    private final CountDownLatch connected = new CountDownLatch(1);
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @Override
    public void received(String payload) {
      heard.add(payload);
    }

    @Override
    public void resumed() {
      connected.countDown();
    }

    Notification next() throws InterruptedException {
      return Notification.read(nextText());
    }

    String nextText() throws InterruptedException {
      var text = heard.poll(10, TimeUnit.SECONDS);
      assertThat(text).as("notification within 10 s").isNotNull();
      return String.valueOf(text);
    }
  }

  private static Notifications notifications() {
    var login = DATABASE.roles().web();
    var server =
        new JdbcConnectionDetails() {
          @Override
          public String getUsername() {
            return login.name();
          }

          @Override
          public String getPassword() {
            return login.password();
          }

          @Override
          public String getJdbcUrl() {
            return DATABASE.url();
          }
        };
    var source = TestDatabase.pool(DATABASE, login);
    try {
      return BeanUtils.instantiateClass(
          Notifications.class.getDeclaredConstructor(JdbcClient.class, JdbcConnectionDetails.class),
          JdbcClient.create(source),
          server);
    } catch (NoSuchMethodException changed) {
      throw new AssertionError(changed);
    }
  }
}
