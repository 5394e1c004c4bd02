package dev.behalf.web.jobs;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Hop;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.StrictJson;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Whose job is next. Each user with work has one turn before anyone has a second, and who was
 * served longest ago comes first. It steps from user to user by index: a million jobs of one user
 * cost no more than one.
 */
@Component
class Turns {

  private static final String TAKE =
      """
      with recursive busy as (
        (select user_id from jobs.jobs
         where environment = :environment and state = 'queued' order by user_id limit 1)
        union all
        select (select j.user_id from jobs.jobs j
                where j.environment = :environment and j.state = 'queued' and j.user_id > b.user_id
                order by j.user_id limit 1)
        from busy b where b.user_id is not null
      ), turns as (
        select b.user_id, q.id, coalesce(l.turn, 0) as served,
               row_number() over (partition by b.user_id order by q.not_before, q.id) as turn
        from busy b
        left join jobs.lanes l on l.user_id = b.user_id and l.environment = :environment
        cross join lateral (
          select j.id, j.not_before from jobs.jobs j
          where j.environment = :environment and j.user_id = b.user_id
            and j.state = 'queued' and j.not_before <= :now
          order by j.not_before, j.id
          limit greatest(0, :per_user - (select count(*) from jobs.jobs d
                                         where d.environment = :environment and d.user_id = b.user_id
                                           and d.state = 'dispatched'))
        ) q
        where b.user_id is not null
      ), picked as (
        select j.user_id, j.id, t.turn, t.served
        from turns t join jobs.jobs j on j.user_id = t.user_id and j.id = t.id
        where j.state = 'queued'
        order by t.turn, t.served, j.user_id limit :room
        for update of j skip locked
      )
      update jobs.jobs j
      set state = 'dispatched', attempt = j.attempt + 1, lease_until = :lease_until, hops = j.hops || :hop::jsonb
      from picked p
      where j.user_id = p.user_id and j.id = p.id and j.state = 'queued'
      returning j.user_id, j.id, j.payload, j.attempt, j.created_at, j.traceparent, j.origin_key_id, p.turn, p.served
      """;

  private final JdbcClient database;
  private final InstantSource clock;

  Turns(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** A job that is to be published, in its place in the round. */
  record Turn(JobMessage message, @Nullable String traceparent, long turn, long served) {}

  /**
   * Marks the next jobs dispatched, inside the caller's transaction, and gives them in the order of
   * their turns.
   */
  List<Turn> take(Environment environment, int room, int perUser, Duration lease) {
    var now = clock.instant();
    var turns =
        database
            .sql(TAKE)
            .param("environment", environment.wire())
            .param("now", now.atOffset(ZoneOffset.UTC))
            .param("per_user", perUser)
            .param("room", room)
            .param("lease_until", now.plus(lease).atOffset(ZoneOffset.UTC))
            .param("hop", hop(now))
            .query((row, index) -> turn(row, environment, now))
            .list()
            .stream()
            .sorted(Comparator.comparingLong(Turn::turn).thenComparingLong(Turn::served))
            .toList();
    remember(environment, turns);
    return turns;
  }

  /** How many jobs are out, by their rows: no counter that could drift. */
  int out(Environment environment) {
    return database
        .sql("select count(*) from jobs.jobs where environment = ? and state = 'dispatched'")
        .param(environment.wire())
        .query(Integer.class)
        .single();
  }

  /** Puts back what the broker did not take: it never was an attempt. */
  void giveBack(List<Turn> turns, Duration pause) {
    for (var turn : turns) {
      database
          .sql(
              """
              update jobs.jobs set state = 'queued', attempt = attempt - 1, lease_until = null,
                                   not_before = :not_before, hops = hops - (-1)
              where user_id = :user and id = :id and state = 'dispatched'
              """)
          .param("not_before", clock.instant().plus(pause).atOffset(ZoneOffset.UTC))
          .param("user", turn.message().userId())
          .param("id", turn.message().jobId())
          .update();
    }
  }

  private void remember(Environment environment, List<Turn> turns) {
    if (turns.isEmpty()) {
      return;
    }
    var users = turns.stream().map(turn -> turn.message().userId()).distinct().toArray(UUID[]::new);
    database
        .sql(
            """
            insert into jobs.lanes (user_id, environment, turn)
            select served.user_id, :environment, base.turn + served.place
            from unnest(:users::uuid[]) with ordinality as served (user_id, place),
                 (select nextval('jobs.turns') * 100000 as turn) base
            order by served.user_id
            on conflict (user_id, environment) do update set turn = excluded.turn
            """)
        .param("environment", environment.wire())
        .param("users", users)
        .update();
  }

  private static Turn turn(ResultSet row, Environment environment, Instant now)
      throws SQLException {
    return new Turn(
        new JobMessage(
            JobMessage.VERSION,
            row.getObject("id", UUID.class),
            row.getObject("user_id", UUID.class),
            environment,
            StrictJson.MAPPER.readValue(row.getString("payload"), JobPayload.class),
            row.getInt("attempt"),
            now,
            row.getString("origin_key_id")),
        row.getString("traceparent"),
        row.getLong("turn"),
        row.getLong("served"));
  }

  private static String hop(Instant now) {
    return new String(
        StrictJson.write(List.of(new Hop(Hop.Station.DISPATCHED, now))), StandardCharsets.UTF_8);
  }
}
