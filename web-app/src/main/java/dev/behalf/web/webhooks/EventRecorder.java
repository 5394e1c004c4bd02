package dev.behalf.web.webhooks;

import dev.behalf.web.work.events.JobChanges;
import dev.behalf.web.work.events.JobChanges.Change;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Writes an event for each endpoint that subscribes to a job's final state, in the transaction that
 * ends the job: no job ends without its events, and no event reports an end that was rolled back. A
 * batch needs one statement, and none if no endpoint exists.
 */
@Component
class EventRecorder implements JobChanges.Listener {

  /**
   * Locks the endpoints, so that removing one meanwhile does not fail the jobs. The body is the job
   * as the API shows it, without its payload and without its result.
   */
  private static final String WRITE =
      """
      insert into webhooks.deliveries (user_id, id, endpoint_id, about_user_id, job_id, type, body, state, next_at, created_at)
      select e.user_id, %s, e.id, case when e.platform_id is not null then j.user_id end, j.id, 'job.' || j.state,
             json_strip_nulls(json_build_object(
               'type', 'job.' || j.state,
               'timestamp', %s,
               'data', json_build_object(
                 'id', j.id, 'user', case when e.platform_id is not null then p.external_id end, 'environment', j.environment, 'operation', j.operation, 'state', j.state,
                 'attempt', j.attempt, 'units', j.units, 'code', j.code, 'detail', j.detail,
                 'tags', j.tags, 'metadata', j.metadata, 'created_at', %s, 'finished_at', %s)))::text,
             'pending', now(), now()
      from unnest(:users::uuid[], :ids::uuid[]) as ended (user_id, id)
      %s
      join jobs.jobs j on j.user_id = ended.user_id and j.id = ended.id
      where j.environment = e.environment and 'job.' || j.state = any (e.events)
      for key share of e
      """
          .formatted(
              EventId.SQL,
              time("now()"),
              time("j.created_at"),
              time("j.finished_at"),
              hearing("ended.user_id"));

  private final JdbcClient database;
  private final EndpointPresence presence;
  private final DeliveryDispatcher dispatcher;

  EventRecorder(JdbcClient database, EndpointPresence presence, DeliveryDispatcher dispatcher) {
    this.database = database;
    this.presence = presence;
    this.dispatcher = dispatcher;
  }

  @Override
  public void changed(List<Change> changes) {
    var ended = changes.stream().filter(change -> change.state().isFinal()).toList();
    if (ended.isEmpty() || !presence.isSomebody()) {
      return;
    }
    int written =
        database
            .sql(WRITE)
            .param("users", ended.stream().map(Change::userId).toArray(UUID[]::new))
            .param("ids", ended.stream().map(Change::jobId).toArray(UUID[]::new))
            .update();
    if (written > 0) {
      dispatcher.wakeAfterCommit();
    }
  }

  /**
   * Joins the endpoints that hear of a user: its own, and those of a platform that may act for it.
   */
  static String hearing(String user) {
    return """
      left join accounts.platform_users p on p.user_id = %1$s and p.acting_ended_at is null
      join webhooks.endpoints e on e.user_id in (%1$s, p.platform_id) and e.disabled_at is null
      """
        .formatted(user);
  }

  static String time(String column) {
    return "to_char(" + column + " at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";
  }
}
