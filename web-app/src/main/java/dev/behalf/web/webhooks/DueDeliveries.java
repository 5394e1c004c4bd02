package dev.behalf.web.webhooks;

import dev.behalf.contract.Environment;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Leases due deliveries, taking turns between endpoints: the endpoint with the fewest attempts in
 * flight goes first, then the delivery that has been due longest. However many deliveries wait for
 * one endpoint, another endpoint waits one turn at most. The query steps from endpoint to endpoint
 * by index.
 *
 * <p>If a process dies, its deliveries are due again when their leases end: sent twice at worst,
 * never lost.
 */
@Component
class DueDeliveries {

  /** Longer than an attempt and the recording of its result may take. */
  private static final Duration LEASE = Duration.ofMinutes(1);

  /** Whether a platform may still hear of the user whom a delivery is about. */
  static final String MAY_HEAR =
      """
      exists (select from accounts.platform_users p
              where p.user_id = about_user_id and p.acting_ended_at is null)""";

  private static final String TAKE =
      """
      with recursive busy as (
        (select user_id, endpoint_id from webhooks.deliveries where ended_at is null
         order by user_id, endpoint_id, next_at limit 1)
        union all
        select next.user_id, next.endpoint_id
        from busy b cross join lateral (
          select d.user_id, d.endpoint_id from webhooks.deliveries d
          where d.ended_at is null and (d.user_id, d.endpoint_id) > (b.user_id, b.endpoint_id)
          order by d.user_id, d.endpoint_id, d.next_at limit 1) next
      ), endpoints as (
        -- One that fails holds up a single place, however long it takes to fail. A platform's has many users.
        select b.user_id, b.endpoint_id,
               case when e.failing_since is not null then 1 when e.platform_id is not null then 4 * :each else :each end
                 as allowed,
               (select count(*) from webhooks.deliveries s where s.user_id = b.user_id
                  and s.endpoint_id = b.endpoint_id and s.state = 'sending' and s.next_at > now()) as under_way
        from busy b join webhooks.endpoints e on e.user_id = b.user_id and e.id = b.endpoint_id
        where e.disabled_at is null
      ), turns as (
        select o.user_id, d.id, d.next_at,
               o.under_way + row_number() over (partition by o.user_id, o.endpoint_id order by d.next_at) as turn
        from endpoints o cross join lateral (
          select id, next_at from webhooks.deliveries
          where user_id = o.user_id and endpoint_id = o.endpoint_id and ended_at is null and next_at <= now()
            and (about_user_id is null or %s)
          order by next_at limit greatest(o.allowed - o.under_way, 0)) d
      ), picked as (
        select d.user_id, d.id
        from (select user_id, id from turns order by turn, next_at limit :room) t
        join webhooks.deliveries d on d.user_id = t.user_id and d.id = t.id
        where d.ended_at is null and d.next_at <= now()
        for update of d skip locked
      )
      update webhooks.deliveries d
      set state = 'sending', attempt = d.attempt + 1, tried = d.tried + 1, next_at = now() + make_interval(secs => :lease)
      from picked p
      join webhooks.deliveries o on o.user_id = p.user_id and o.id = p.id
      join webhooks.endpoints e on e.user_id = o.user_id and e.id = o.endpoint_id
      where d.user_id = p.user_id and d.id = p.id
      returning d.user_id, e.platform_id is not null as is_platforms, d.id, d.endpoint_id, d.body, d.attempt, d.tried, e.environment, e.url, e.secret,
                case when e.previous_until > now() then e.previous_secret end as previous_secret
      """
          .formatted(MAY_HEAR);

  private final JdbcClient database;
  private final WebhooksSettings settings;

  DueDeliveries(JdbcClient database, WebhooksSettings settings) {
    this.database = database;
    this.settings = settings;
  }

  List<DueDelivery> take(int room) {
    return database
        .sql(TAKE)
        .param("each", settings.perEndpoint())
        .param("room", room)
        .param("lease", LEASE.toSeconds())
        .query(DueDeliveries::due)
        .list();
  }

  private static DueDelivery due(ResultSet row, int index) throws SQLException {
    return new DueDelivery(
        row.getObject("user_id", UUID.class),
        row.getBoolean("is_platforms"),
        row.getString("id"),
        row.getObject("endpoint_id", UUID.class),
        Environment.of(row.getString("environment")),
        row.getString("url"),
        row.getString("body"),
        row.getInt("attempt"),
        row.getInt("tried"),
        Stream.of(row.getBytes("secret"), row.getBytes("previous_secret"))
            .filter(Objects::nonNull)
            .toList());
  }
}
