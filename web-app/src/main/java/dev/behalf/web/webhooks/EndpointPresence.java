package dev.behalf.web.webhooks;

import dev.behalf.server.notifications.Notifications;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Knows whether any webhook endpoint exists. While none exists, ending a job costs this package
 * nothing but one query every 700 ms: a replica that misses the notification learns of the first
 * endpoint within that time.
 */
@Component
class EndpointPresence implements Notifications.Listener {

  private static final String CHANNEL = "behalf_webhook_created";
  private static final Duration NOBODY_FOR = Duration.ofMillis(700);
  private static final Duration SOMEBODY_FOR = Duration.ofMinutes(1);

  private final JdbcClient database;
  private final Notifications notifications;
  private final AtomicReference<Known> known;

  /** The last reading; immutable, so that a compare-and-set detects an outdated query. */
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

  /** Notifies all replicas; called inside the transaction that creates the endpoint. */
  void sayCreated() {
    notifications.send(CHANNEL, "");
  }

  /** Notes that an endpoint exists; called after the commit that created it. */
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
    // Do not overwrite the news of an endpoint that was created during the query.
    return known.compareAndSet(last, new Known(found, System.nanoTime() + time.toNanos()))
        ? found
        : known.get().isSomebody();
  }
}
