package dev.behalf.web.webhooks;

import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.sql.Timestamps;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Lists, replays and tests the deliveries of an endpoint that the owner may see. */
@Component
public class Deliveries {

  static final String TEST_EVENT = "webhook.test";

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final Endpoints endpoints;
  private final DeliveryDispatcher dispatcher;
  private final InstantSource clock;

  Deliveries(
      JdbcClient database,
      TransactionTemplate transaction,
      Endpoints endpoints,
      DeliveryDispatcher dispatcher,
      InstantSource clock) {
    this.database = database;
    this.transaction = transaction;
    this.endpoints = endpoints;
    this.dispatcher = dispatcher;
    this.clock = clock;
  }

  /** A delivery with its exact body and its attempts, the newest first. */
  public record Detail(Delivery delivery, String body, List<Attempt> attempts) {}

  /**
   * Returns deliveries, the newest first.
   *
   * @param state the state to filter by; null for all
   * @param before the id of the last delivery on the previous page; null for the first page
   */
  public List<Delivery> list(
      Owner owner,
      UUID endpointId,
      @Nullable DeliveryState state,
      @Nullable String before,
      int limit) {
    require(owner, endpointId);
    return database
        .sql(
            """
            select %s from webhooks.deliveries d
            where d.user_id = :user and d.endpoint_id = :endpoint
              and (:state::text is null or d.state = :state) and (:before::text is null or d.id < :before)
            order by d.id desc limit :limit
            """
                .formatted(Delivery.COLUMNS))
        .param("user", owner.id())
        .param("endpoint", endpointId)
        .param("state", state == null ? null : state.wire())
        .param("before", before)
        .param("limit", limit)
        .query(Delivery::of)
        .list();
  }

  public Detail find(Owner owner, UUID endpointId, String id) {
    require(owner, endpointId);
    record Sent(Delivery delivery, String body) {}
    var sent =
        database
            .sql(
                """
                select d.body, %s from webhooks.deliveries d
                where d.user_id = :user and d.endpoint_id = :endpoint and d.id = :id
                """
                    .formatted(Delivery.COLUMNS))
            .param("user", owner.id())
            .param("endpoint", endpointId)
            .param("id", id)
            .query((row, index) -> new Sent(Delivery.of(row, index), row.getString("body")))
            .optional()
            .orElseThrow(Problem::notFound);
    var attempts =
        database
            .sql(
                """
                select number, at, millis, status, answer, fault from webhooks.attempts
                where user_id = ? and delivery_id = ? order by number desc
                """)
            .params(owner.id(), id)
            .query(Attempt::of)
            .list();
    return new Detail(sent.delivery(), sent.body(), attempts);
  }

  /** The states of an endpoint's last 100 deliveries. */
  public record Health(int delivered, int waiting, int failed, @Nullable Instant lastDelivered) {}

  Health health(Owner owner, UUID endpointId) {
    return database
        .sql(
            """
            select count(*) filter (where state = 'delivered') as delivered,
                   count(*) filter (where ended_at is null) as waiting,
                   count(*) filter (where state = 'failed') as failed,
                   max(ended_at) filter (where state = 'delivered') as last_delivered
            from (select state, ended_at from webhooks.deliveries
                  where user_id = ? and endpoint_id = ? order by id desc limit 100) newest
            """)
        .params(owner.id(), endpointId)
        .query(
            (row, index) ->
                new Health(
                    row.getInt("delivered"),
                    row.getInt("waiting"),
                    row.getInt("failed"),
                    Timestamps.instantOrNull(row, "last_delivered")))
        .single();
  }

  /**
   * Sends a delivery again, with a full retry schedule if that fails. The id stays the same, so
   * that a receiver can recognize the event.
   */
  public Delivery replay(Owner owner, UUID endpointId, String id) {
    requireEnabled(owner, endpointId);
    transaction.executeWithoutResult(
        status -> {
          database
              .sql(
                  """
                  update webhooks.deliveries
                  set state = 'pending', tried = 0, next_at = now(), reason = null, ended_at = null
                  where user_id = :user and endpoint_id = :endpoint and id = :id and state <> 'sending'
                    and (about_user_id is null or %s)
                  """
                      .formatted(DueDeliveries.MAY_HEAR))
              .param("user", owner.id())
              .param("endpoint", endpointId)
              .param("id", id)
              .update();
          dispatcher.wakeAfterCommit();
        });
    return find(owner, endpointId, id).delivery();
  }

  private record TestEvent(String type, Instant timestamp, TestData data) {}

  private record TestData(UUID webhookId, String environment) {}

  /** Sends an event without a job, to test the endpoint. */
  public Delivery test(Owner owner, UUID endpointId) {
    var endpoint = requireEnabled(owner, endpointId);
    var event =
        new TestEvent(
            TEST_EVENT, clock.instant(), new TestData(endpointId, endpoint.environment().wire()));
    var id =
        Objects.requireNonNull(
            transaction.execute(
                status -> {
                  dispatcher.wakeAfterCommit();
                  return database
                      .sql(
                          """
                          insert into webhooks.deliveries (user_id, id, endpoint_id, type, body, state, next_at, created_at)
                          values (:user, %s, :endpoint, :type, :body, 'pending', now(), now()) returning id
                          """
                              .formatted(EventId.SQL))
                      .param("user", owner.id())
                      .param("endpoint", endpointId)
                      .param("type", TEST_EVENT)
                      .param("body", StrictJson.text(event))
                      .query(String.class)
                      .single();
                }));
    return find(owner, endpointId, id).delivery();
  }

  private Endpoint require(Owner owner, UUID endpointId) {
    return endpoints.find(owner, endpointId).orElseThrow(Problem::notFound);
  }

  private Endpoint requireEnabled(Owner owner, UUID endpointId) {
    var endpoint = require(owner, endpointId);
    if (endpoint.isDisabled()) {
      throw new Problem(ProblemCode.WEBHOOK_DISABLED, "The webhook is disabled: enable it first.");
    }
    return endpoint;
  }
}
