package dev.behalf.web.webhooks;

import dev.behalf.server.notifications.Notifications;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Whether anybody has an endpoint. Where nobody has one, jobs end without a word to this package
 * but a look each 700 ms: no longer a first endpoint may go unheard of by a replica that has missed
 * the notification.
 */
@Component
class EndpointPresence implements Notifications.Listener {

  private static final String CHANNEL = "behalf_webhook_created";
  private static final Duration NOBODY_FOR = Duration.ofMillis(700);
  private static final Duration SOMEBODY_FOR = Duration.ofMinutes(1);

  private final JdbcClient database;
  private final Notifications notifications;
  private final AtomicReference<Known> known;

  /** What was read; never changed, so that a read that was overtaken can be told. */
  private record Known(boolean isSomebody, long until) {}

  EndpointPresence(JdbcClient database, Notifications notifications) {
    this.database = database;
    this.notifications = notifications;
    this.known = new AtomicReference<>(new Known(true, System.nanoTime()));
    notifications.listen(CHANNEL, this);
  }

  boolean isSomebody() {
    var last = known.get();
    return System.nanoTime() - last.until() < 0 ? last.isSomebody() : read(last);
  }

  /** Inside the transaction that makes the endpoint. */
  void sayCreated() {
    notifications.send(CHANNEL, "");
  }

  /** After the commit that has made one. */
  void created() {
    known.set(new Known(true, System.nanoTime() + SOMEBODY_FOR.toNanos()));
  }

  @Override
  public void received(String word) {
    created();
  }

  @Override
  public void resumed() {
    known.set(new Known(true, System.nanoTime()));
  }

  private boolean read(Known last) {
    var found =
        database
            .sql("select exists (select from webhooks.endpoints)")
            .query(Boolean.class)
            .single();
    var time = found ? SOMEBODY_FOR : NOBODY_FOR;
    // One that was made while this was read is not forgotten.
    return known.compareAndSet(last, new Known(found, System.nanoTime() + time.toNanos()))
        ? found
        : known.get().isSomebody();
  }
}
