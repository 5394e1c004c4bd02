package dev.behalf.server.notifications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.database.BehalfDatabase;
import dev.behalf.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

class NotificationsTest {

  private static final BehalfDatabase DATABASE = TestDatabase.create();

  /** The last statement of the connection was the one that listens. */
  private static final String OURS = "query like 'listen %' and query like ?";

  private final DataSource dataSource = TestDatabase.pool(DATABASE, DATABASE.roles().web());
  private final JdbcClient sql = JdbcClient.create(dataSource);
  private final TransactionTemplate transaction =
      new TransactionTemplate(new DataSourceTransactionManager(dataSource));
  private final Notifications notifications = new Notifications(sql, new Server());
  private final String channel = "test_" + UUID.randomUUID().toString().replace("-", "");
  private final Recorder recorder = new Recorder();

  @AfterEach
  void stop() {
    notifications.stop();
  }

  @Test
  void a_listener_hears_in_order_what_is_sent_on_its_channel() {
    start();

    notifications.send(channel, "one");
    notifications.send(channel, List.of("two", "three"));

    await().untilAsserted(() -> assertThat(recorder.heard).containsExactly("one", "two", "three"));
  }

  @Test
  void many_notifications_of_one_transaction_arrive_once_each() {
    start();
    var words = IntStream.range(0, 1_000).mapToObj(Integer::toString).toList();

    notifications.send(channel, words);

    await().untilAsserted(() -> assertThat(recorder.heard).containsExactlyElementsOf(words));
  }

  @Test
  void nothing_is_sent_if_there_is_nothing_to_send() {
    start();

    notifications.send(channel, List.of());
    notifications.send(channel, "end");

    await().untilAsserted(() -> assertThat(recorder.heard).containsExactly("end"));
  }

  @Test
  void a_word_is_sent_as_it_is_whatever_it_contains() {
    start();

    notifications.send(channel, List.of("it's", "{a,b}", "\"", "NULL", "", "Żółw 🐢"));

    await()
        .untilAsserted(
            () ->
                assertThat(recorder.heard)
                    .containsExactly("it's", "{a,b}", "\"", "NULL", "", "Żółw 🐢"));
  }

  @Test
  void a_notification_of_a_transaction_that_is_rolled_back_is_never_heard() {
    start();

    transaction.executeWithoutResult(
        status -> {
          notifications.send(channel, "rolled back");
          status.setRollbackOnly();
        });
    notifications.send(channel, "committed");

    await().untilAsserted(() -> assertThat(recorder.heard).containsExactly("committed"));
  }

  @Test
  void a_notification_is_heard_after_the_commit_and_not_before() {
    start();

    transaction.executeWithoutResult(
        status -> {
          notifications.send(channel, "late");
          // A data source of its own, and so outside this transaction.
          JdbcClient.create(
                  new DriverManagerDataSource(
                      DATABASE.url(),
                      DATABASE.roles().web().name(),
                      DATABASE.roles().web().password()))
              .sql("select pg_notify(?, 'early')")
              .param(channel)
              .query((row, index) -> "")
              .list();
          await().untilAsserted(() -> assertThat(recorder.heard).containsExactly("early"));
        });

    await().untilAsserted(() -> assertThat(recorder.heard).containsExactly("early", "late"));
  }

  @Test
  void a_channel_without_a_listener_disturbs_nobody() {
    start();

    notifications.send("test_nobody", "unheard");
    notifications.send(channel, "heard");

    await().untilAsserted(() -> assertThat(recorder.heard).containsExactly("heard"));
  }

  @Test
  void a_failing_listener_keeps_neither_itself_nor_another_from_the_next_notification() {
    var failing = channel + "_failing";
    var failures = new AtomicInteger();
    notifications.listen(
        failing,
        new Recorder() {
          @Override
          public void received(String payload) {
            failures.incrementAndGet();
            throw new IllegalStateException("a fault of the listener");
          }
        });
    start();

    notifications.send(failing, "one");
    notifications.send(failing, "two");
    notifications.send(channel, "heard");

    await().untilAsserted(() -> assertThat(recorder.heard).containsExactly("heard"));
    assertThat(failures).hasValue(2);
  }

  @Test
  void a_listener_that_fails_on_a_new_connection_ends_no_notifications() {
    notifications.listen(
        channel + "_failing",
        new Recorder() {
          @Override
          public void resumed() {
            throw new IllegalStateException("a fault of the listener");
          }
        });
    start();

    notifications.send(channel, "heard");

    await().untilAsserted(() -> assertThat(recorder.heard).containsExactly("heard"));
  }

  @Test
  void each_listener_is_told_of_every_new_connection_because_notifications_may_be_lost() {
    start();
    assertThat(recorder.resumed).hasValue(1);

    cutConnection();

    await().untilAsserted(() -> assertThat(recorder.resumed).hasValueGreaterThanOrEqualTo(2));
    notifications.send(channel, "after");
    await().untilAsserted(() -> assertThat(recorder.heard).containsExactly("after"));
  }

  @Test
  void a_listener_is_told_of_the_connection_only_when_nothing_more_can_be_lost() {
    notifications.listen(
        channel,
        new Recorder() {
          @Override
          public void received(String payload) {
            recorder.received(payload);
          }

          @Override
          public void resumed() {
            notifications.send(channel, "sent while resuming");
          }
        });

    notifications.start();

    await().untilAsserted(() -> assertThat(recorder.heard).containsExactly("sent while resuming"));
  }

  @Test
  void after_a_stop_no_connection_is_left_and_nothing_is_heard() {
    start();

    notifications.stop();

    assertThat(notifications.isRunning()).isFalse();
    await().untilAsserted(() -> assertThat(listening()).isZero());
    notifications.send(channel, "unheard");
    await().during(Duration.ofMillis(200)).until(recorder.heard::isEmpty);
  }

  @Test
  void a_stop_before_the_start_does_nothing() {
    notifications.stop();

    assertThat(notifications.isRunning()).isFalse();
  }

  private void start() {
    notifications.listen(channel, recorder);
    notifications.start();
    await().untilAsserted(() -> assertThat(recorder.resumed).hasValue(1));
  }

  private void cutConnection() {
    sql.sql("select pg_terminate_backend(pid) from pg_stat_activity where " + OURS)
        .param("%" + channel + "%")
        .query(Boolean.class)
        .list();
  }

  private long listening() {
    return sql.sql("select count(*) from pg_stat_activity where " + OURS)
        .param("%" + channel + "%")
        .query(Long.class)
        .single();
  }

  private static class Recorder implements Notifications.Listener {
    final List<String> heard = new CopyOnWriteArrayList<>();
    final AtomicInteger resumed = new AtomicInteger();

    @Override
    public void received(String payload) {
      heard.add(payload);
    }

    @Override
    public void resumed() {
      resumed.incrementAndGet();
    }
  }

  private static final class Server implements JdbcConnectionDetails {

    @Override
    public String getUsername() {
      return DATABASE.roles().web().name();
    }

    @Override
    public String getPassword() {
      return DATABASE.roles().web().password();
    }

    @Override
    public String getJdbcUrl() {
      return DATABASE.url();
    }
  }
}
