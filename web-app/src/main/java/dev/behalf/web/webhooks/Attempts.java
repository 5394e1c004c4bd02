package dev.behalf.web.webhooks;

import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.site.audit.Actor;
import dev.behalf.web.site.audit.AuditLog;
import dev.behalf.web.site.mail.MailKind;
import dev.behalf.web.site.mail.Outbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Records the result of an attempt and updates its delivery and endpoint. The endpoint's row is
 * locked before the delivery's, in the same order as when an endpoint is removed.
 */
@Component
class Attempts {

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final DeliveryCleanup ended;
  private final AuditLog audit;
  private final Outbox outbox;
  private final ApplicationEventPublisher events;
  private final RetrySchedule schedule = new RetrySchedule(new Random());

  Attempts(
      JdbcClient database,
      TransactionTemplate transaction,
      DeliveryCleanup ended,
      AuditLog audit,
      Outbox outbox,
      ApplicationEventPublisher events) {
    this.database = database;
    this.transaction = transaction;
    this.ended = ended;
    this.audit = audit;
    this.outbox = outbox;
    this.events = events;
  }

  void record(DueDelivery due, AttemptResult answer) {
    var happened = new ArrayList<WebhookEvent>();
    happened.add(
        new WebhookEvent.Attempted(
            due.userId(),
            due.endpointId(),
            due.id(),
            due.environment(),
            answer.word(),
            answer.took()));
    happened.addAll(
        Objects.requireNonNull(
            transaction.execute(
                status -> answer.isSuccess() ? succeeded(due, answer) : failed(due, answer))));
    happened.forEach(events::publishEvent);
  }

  /** Marks the delivery as delivered, even if a later attempt has begun: the event arrived. */
  private List<WebhookEvent> succeeded(DueDelivery due, AttemptResult answer) {
    ofEndpoint(
            "update webhooks.endpoints set failing_since = null where user_id = :user and id = :endpoint and failing_since is not null",
            due)
        .update();
    ofDelivery(
            """
            update webhooks.deliveries set state = 'delivered', reason = null, ended_at = now()
            where user_id = :user and id = :id and ended_at is null
            """,
            due)
        .update();
    keep(due, answer);
    return List.of();
  }

  private List<WebhookEvent> failed(DueDelivery due, AttemptResult answer) {
    var happened = new ArrayList<WebhookEvent>();
    boolean forDays =
        ofEndpoint(
                """
                update webhooks.endpoints set failing_since = coalesce(failing_since, now())
                where user_id = :user and id = :endpoint
                returning failing_since < now() - interval '5 days'
                """,
                due)
            .query(Boolean.class)
            .optional()
            .orElse(false);
    if (answer.isGone()) {
      disable(due, DisabledReason.GONE, happened);
    } else if (forDays) {
      disable(due, DisabledReason.FAILING, happened);
    }
    schedule
        .after(due.tried(), answer.retryAfter())
        .ifPresentOrElse(pause -> again(due, pause), () -> giveUp(due, happened));
    keep(due, answer);
    return happened;
  }

  private void disable(DueDelivery due, DisabledReason reason, List<WebhookEvent> happened) {
    int disabled =
        ofEndpoint(
                """
                update webhooks.endpoints set disabled_at = now(), disabled_reason = :reason
                where user_id = :user and id = :endpoint and disabled_at is null
                """,
                due)
            .param("reason", reason.wire())
            .update();
    if (disabled == 1) {
      audit.write(
          due.owner(),
          Actor.SYSTEM,
          "webhook.disabled",
          due.endpointId().toString(),
          Map.of("environment", due.environment(), "reason", reason));
      ended.ofDisabled(due.userId(), due.endpointId());
      var owner = due.owner();
      if (owner != null) {
        outbox.tell(owner, MailKind.WEBHOOK_DISABLED, List.of(due.endpointId().toString()), null);
      }
      happened.add(
          new WebhookEvent.Disabled(due.userId(), due.endpointId(), due.environment(), reason));
    }
  }

  /**
   * Schedules the next attempt, unless the lease has ended and another attempt is in flight, or the
   * endpoint was disabled.
   */
  private void again(DueDelivery due, Duration pause) {
    ofDelivery(
            """
            update webhooks.deliveries
            set state = 'pending', next_at = now() + make_interval(secs => :pause)
            where user_id = :user and id = :id and state = 'sending' and attempt = :attempt
            """,
            due)
        .param("pause", pause.toMillis() / 1e3)
        .param("attempt", due.attempt())
        .update();
  }

  private void giveUp(DueDelivery due, List<WebhookEvent> happened) {
    int given =
        ofDelivery(
                """
                update webhooks.deliveries set state = 'failed', reason = 'attempts_exhausted', ended_at = now()
                where user_id = :user and id = :id and state = 'sending' and attempt = :attempt
                """,
                due)
            .param("attempt", due.attempt())
            .update();
    if (given == 1) {
      happened.add(
          new WebhookEvent.GivenUp(due.userId(), due.endpointId(), due.id(), due.environment()));
    }
  }

  /** Stores the attempt; does nothing if the endpoint or account has been deleted. */
  private void keep(DueDelivery due, AttemptResult answer) {
    var fault = answer.fault();
    ofDelivery(
            """
            insert into webhooks.attempts (user_id, delivery_id, number, at, millis, status, answer, fault)
            select user_id, id, :attempt, :at, :millis, :status, :answer, :fault
            from webhooks.deliveries where user_id = :user and id = :id
            """,
            due)
        .param("attempt", due.attempt())
        .param("at", Timestamps.of(answer.at()))
        .param("millis", answer.took().toMillis())
        .param("status", answer.status())
        .param("answer", answer.text())
        .param("fault", fault == null ? null : fault.wire())
        .update();
  }

  private JdbcClient.StatementSpec ofEndpoint(String sql, DueDelivery due) {
    return database.sql(sql).param("user", due.userId()).param("endpoint", due.endpointId());
  }

  private JdbcClient.StatementSpec ofDelivery(String sql, DueDelivery due) {
    return database.sql(sql).param("user", due.userId()).param("id", due.id());
  }
}
