package dev.behalf.web.webhooks;

import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Fails the open deliveries of disabled endpoints and removes deliveries after 30 days, 1,000 rows
 * at a time.
 */
@Component
class DeliveryCleanup {

  private static final int SOME = 1_000;

  private static final String OF_DISABLED =
      """
      update webhooks.deliveries d set state = 'failed', reason = 'endpoint_disabled', ended_at = now()
      from (
        select d.user_id, d.id
        from webhooks.endpoints e
        join webhooks.deliveries d on d.user_id = e.user_id and d.endpoint_id = e.id and d.ended_at is null
        where e.disabled_reason in ('gone', 'failing')
          and (:user::uuid is null or (e.user_id = :user and e.id = :endpoint))
        limit %d for update of d skip locked
      ) over
      where d.user_id = over.user_id and d.id = over.id
      """
          .formatted(SOME);

  private static final String OLD =
      """
      delete from webhooks.deliveries d
      using (
        select user_id, id from webhooks.deliveries where created_at < now() - interval '30 days'
        order by created_at limit %d for update skip locked
      ) old
      where d.user_id = old.user_id and d.id = old.id
      """
          .formatted(SOME);

  private final JdbcClient database;
  private final EndpointPresence presence;

  DeliveryCleanup(JdbcClient database, EndpointPresence presence) {
    this.database = database;
    this.presence = presence;
  }

  /** Fails the first 1,000 in the caller's transaction; the scheduled run fails the rest. */
  void ofDisabled(UUID userId, UUID endpointId) {
    database.sql(OF_DISABLED).param("user", userId).param("endpoint", endpointId).update();
  }

  @Scheduled(fixedDelayString = "1m")
  void end() {
    if (presence.isSomebody()) {
      untilDone(database.sql(OF_DISABLED).param("user", null).param("endpoint", null));
    }
  }

  @Scheduled(fixedDelayString = "${behalf.webhooks.clean-every:10m}")
  void removeOld() {
    if (presence.isSomebody()) {
      untilDone(database.sql(OLD));
    }
  }

  private static void untilDone(JdbcClient.StatementSpec statement) {
    while (statement.update() == SOME) {
      // There may be more.
    }
  }
}
