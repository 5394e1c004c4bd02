package dev.behalf.web.webhooks;

import static dev.behalf.web.webhooks.EventRecorder.hearing;
import static dev.behalf.web.webhooks.EventRecorder.time;

import dev.behalf.web.work.batches.BatchEnds;
import dev.behalf.web.work.batches.BatchEnds.Completed;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Writes an event for each endpoint that subscribes to the ends of batches, in the transaction that
 * marks them completed.
 */
@Component
class BatchEventRecorder implements BatchEnds.Listener {

  private static final String WRITE =
      """
      insert into webhooks.deliveries (user_id, id, endpoint_id, about_user_id, batch_id, type, body, state, next_at, created_at)
      select e.user_id, %s, e.id, case when e.platform_id is not null then b.user_id end, b.id, :type,
             json_strip_nulls(json_build_object(
               'type', :type,
               'timestamp', %s,
               'data', json_build_object(
                 'id', b.id, 'user', case when e.platform_id is not null then p.external_id end, 'environment', b.environment, 'name', b.name, 'lines', b.lines, 'queued', b.queued,
                 'jobs', (select coalesce(json_object_agg(c.state, c.jobs), '{}')
                          from (select j.state, count(*) as jobs from jobs.jobs j
                                where j.user_id = b.user_id and j.batch_id = b.id group by j.state) c),
                 'created_at', %s, 'completed_at', %s)))::text,
             'pending', now(), now()
      from unnest(:users::uuid[], :ids::uuid[]) as completed (user_id, id)
      %s
      join jobs.batches b on b.user_id = completed.user_id and b.id = completed.id
      where b.environment = e.environment and :type = any (e.events)
      for key share of e
      """
          .formatted(
              EventId.SQL,
              time("now()"),
              time("b.created_at"),
              time("b.completed_at"),
              hearing("completed.user_id"));

  private final JdbcClient database;
  private final EndpointPresence presence;
  private final DeliveryDispatcher dispatcher;

  BatchEventRecorder(
      JdbcClient database, EndpointPresence presence, DeliveryDispatcher dispatcher) {
    this.database = database;
    this.presence = presence;
    this.dispatcher = dispatcher;
  }

  @Override
  public void completed(List<Completed> batches) {
    if (!presence.isSomebody()) {
      return;
    }
    int written =
        database
            .sql(WRITE)
            .param("type", EventType.BATCH_COMPLETED.wire())
            .param("users", batches.stream().map(Completed::userId).toArray(UUID[]::new))
            .param("ids", batches.stream().map(Completed::id).toArray(UUID[]::new))
            .update();
    if (written > 0) {
      dispatcher.wakeAfterCommit();
    }
  }
}
