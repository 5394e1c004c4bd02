package dev.behalf.web.work.dispatch;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Hop;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.Pool;
import dev.behalf.contract.RawJson;
import dev.behalf.contract.StrictJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Decides which job is next: start-time fair queueing (Goyal, Vin and Cheng, 1996) with its state
 * in rows only. A user's lane has a virtual time, which each dispatched job advances by 1 / weight;
 * the jobs with the least virtual time go first. A user who was idle starts at the current virtual
 * clock, so idle time earns no credit, and no user's backlog delays another user by more than one
 * job of each busy user.
 *
 * <p>The database's clock decides what is due and when a lease ends, because the clocks of replicas
 * differ.
 *
 * <p>The query steps from user to user by index: a million jobs of one user cost no more than one.
 */
@Component
class FairQueue {

  static final String TAKE =
      """
      with recursive busy as (
        -- In the whole order of the index of queued jobs, which no other can give.
        (select user_id from jobs.jobs where environment = :environment and pool = :pool and state = 'queued'
         order by user_id, priority, not_before, id limit 1)
        union all
        select (select j.user_id from jobs.jobs j
                where j.environment = :environment and j.pool = :pool and j.state = 'queued' and j.user_id > b.user_id
                order by j.user_id, j.priority, j.not_before, j.id limit 1)
        from busy b where b.user_id is not null
      ), lined_up as materialized (
        -- Subqueries are always answered from the index; joins compared each user with all lanes.
        select b.user_id,
               greatest(coalesce((select l.pass from jobs.lanes l where l.user_id = b.user_id
                                    and l.environment = :environment and l.pool = :pool), 0),
                        coalesce((select pass from jobs.clocks where environment = :environment and pool = :pool), 0)) as start
        from busy b
        where b.user_id is not null
        order by start, b.user_id
      ), lanes as materialized (
        -- One lane after the other, until as many have a due job as the round has room; later ones get no turn. The
        -- order is that of lined_up, which nested loops keep: sorting again would look at every lane.
        select u.user_id, u.start, r.weight, r.room
        from lined_up u
        cross join lateral (
          select coalesce(s.weight, 1) as weight,
                 least(:room, least(coalesce(s.cap, :per_user), :most_per_user)
                              - (select count(*) from jobs.jobs d where d.environment = :environment
                                   and d.pool = :pool and d.user_id = u.user_id and d.state = 'dispatched')
                              - (select count(*) from jobs.jobs d where d.environment = :environment
                                   and d.pool = :pool and d.user_id = u.user_id and d.state = 'running')) as room
          -- The share of a user is the same in every pool.
          from (select) one
          left join jobs.lanes s on s.user_id = u.user_id and s.environment = :environment and s.pool = 'quick'
          offset 0
        ) r
        where r.room > 0
          -- As the index has it: the zeros are a pause of all users.
          and not exists (select from jobs.pauses p where p.environment = :environment
                            and coalesce(p.user_id, '00000000-0000-0000-0000-000000000000')
                                in (u.user_id, '00000000-0000-0000-0000-000000000000'))
          and exists (select from (values (0), (1), (2)) as rank (priority)
                      cross join lateral (
                        select from jobs.jobs
                        where environment = :environment and pool = :pool and user_id = u.user_id
                          and priority = rank.priority and state = 'queued' and not_before <= now()
                        limit 1) due)
        limit :room
      ), shares as (
        -- Twice what a lane can get in this round is enough to look at, whatever its backlog.
        select *, least(room, ceil(2.0 * :room * weight / sum(weight) over ())::integer + 1) as share
        from lanes
      ), turns as (
        select l.user_id, q.id, l.weight,
               l.start + (row_number() over (partition by l.user_id order by q.priority, q.not_before, q.id) - 1)
                         / l.weight::double precision as pass
        from shares l
        cross join lateral (
          select j.id, j.priority, j.not_before
          from (values (0), (1), (2)) as rank (priority)
          cross join lateral (
            select id, priority, not_before from jobs.jobs
            where environment = :environment and pool = :pool and user_id = l.user_id and priority = rank.priority
              and state = 'queued' and not_before <= now()
            order by not_before, id limit l.share
          ) j
          order by j.priority, j.not_before, j.id limit l.share
        ) q
      ), sized as (
        select t.*, octet_length(p.payload) as bytes,
               least(:most_of_one, coalesce(r.rate, :unknown_rate) * greatest(1, octet_length(p.payload) / 1024.0)) as millis
        from (select * from turns order by pass, user_id limit :room) t
        join jobs.jobs p on p.user_id = t.user_id and p.id = t.id
        left join unnest(:operations::text[], :rates::double precision[]) as r (operation, rate)
          on r.operation = p.operation
      ), fitting as (
        select *, sum(bytes) over before - bytes as bytes_before, sum(millis) over before - millis as millis_before
        from sized window before as (order by pass, user_id rows unbounded preceding)
      ), picked as (
        select j.user_id, j.id, t.pass, t.weight
        from fitting t
        join jobs.jobs j on j.user_id = t.user_id and j.id = t.id
        -- By primary key: said plainly, the condition invites the planner to read all queued jobs.
        where j.state || '' = 'queued' and t.bytes_before < :bytes and t.millis_before < :millis
        order by t.pass, j.user_id for update of j skip locked
      )
      update jobs.jobs j
      set state = 'dispatched', attempt = j.attempt + 1, lease_until = now() + make_interval(secs => :lease), hops = j.hops || :hop::jsonb
      from picked p
      where j.user_id = p.user_id and j.id = p.id
      returning j.user_id, j.id, j.payload, j.attempt, j.created_at, j.traceparent, j.origin_key_id, j.operation_version, p.pass, p.weight
      """;

  /**
   * Makes PostgreSQL plan {@link #TAKE} once, because planning takes longer than dispatching a few
   * jobs. The methods that suit only small tables are off (sequential scans are off on each
   * connection, by application.yaml), so that one plan serves every backlog and any number of
   * users, even a plan made while the tables are empty.
   */
  static final String PLANNED_ONCE =
      """
      select set_config(name, value, true)
      from (values ('plan_cache_mode', 'force_generic_plan'), ('enable_bitmapscan', 'off'),
                   ('enable_hashjoin', 'off'), ('enable_mergejoin', 'off')) as setting (name, value)
      """;

  /** Advances the served users' lanes, and the virtual clock to the least time in the round. */
  private static final String REMEMBER =
      """
      with moved as (
        insert into jobs.lanes (user_id, environment, pool, pass)
        select user_id, :environment, :pool, pass
        from unnest(:users::uuid[], :passes::double precision[]) as served (user_id, pass) order by user_id
        on conflict (user_id, environment, pool) do update set pass = greatest(lanes.pass, excluded.pass)
      )
      insert into jobs.clocks (environment, pool, pass) values (:environment, :pool, :clock)
      on conflict (environment, pool) do update set pass = greatest(clocks.pass, excluded.pass)
      """;

  private static final String STANDING =
      """
      with recursive pools as (
        select e.environment, first.pool
        from (values ('live'), ('test')) as e (environment)
        cross join lateral (
          select pool from jobs.jobs where environment = e.environment and state = 'queued'
          order by pool, user_id, priority, not_before, id limit 1
        ) first
        union all
        select p.environment,
               (select j.pool from jobs.jobs j
                where j.environment = p.environment and j.state = 'queued' and j.pool > p.pool
                order by j.pool, j.user_id, j.priority, j.not_before, j.id limit 1)
        from pools p where p.pool is not null
      ), dispatched as (
        select environment, pool, count(*) as jobs, sum(octet_length(payload)) as bytes
        from jobs.jobs where environment in ('live', 'test') and state = 'dispatched' group by environment, pool
      ), running as (
        select environment, pool, count(*) as jobs
        from jobs.jobs where environment in ('live', 'test') and state = 'running' group by environment, pool
      )
      select environment, pool, p.pool is not null as queued, coalesce(d.jobs, 0) as jobs,
             coalesce(d.bytes, 0) as bytes, coalesce(r.jobs, 0) as running
      from (select environment, pool from pools where pool is not null) p
      full join dispatched d using (environment, pool)
      full join running r using (environment, pool)
      """;

  private final JdbcClient database;
  private final InstantSource clock;

  FairQueue(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** A job to publish, with the virtual time and the weight by which it was chosen. */
  record DispatchedJob(JobMessage message, @Nullable String traceparent, double pass, int weight) {}

  /**
   * How much more may be in flight. The first job is always dispatched, however large it is.
   *
   * @param bytes bytes of payloads, which only the last job may exceed
   * @param work computing time by the rates of {@code capacity}, which only the last job may exceed
   * @param perUser most jobs of one user in flight in this pool, of a user without another cap
   * @param mostPerUser most jobs of any user in flight in this pool
   */
  record Room(
      int jobs, long bytes, Duration work, Capacity capacity, int perUser, int mostPerUser) {

    Room {
      if (perUser > mostPerUser) {
        throw new IllegalArgumentException("perUser > mostPerUser");
      }
    }
  }

  /**
   * Marks the next jobs dispatched, inside the caller's transaction, and returns them by virtual
   * time. The caller passes them to {@link #remember} in the same transaction.
   */
  List<DispatchedJob> take(Environment environment, Pool pool, Room room, Duration lease) {
    var now = clock.instant();
    database.sql(PLANNED_ONCE).query((row, index) -> "").list();
    return database
        .sql(TAKE)
        .param("environment", environment.wire())
        .param("pool", pool.name())
        .param("per_user", room.perUser())
        .param("most_per_user", room.mostPerUser())
        .param("room", room.jobs())
        .param("bytes", room.bytes())
        .param("millis", room.work().toMillis())
        .param("most_of_one", Capacity.MOST_OF_ONE.toMillis())
        .param("operations", room.capacity().operations())
        .param("rates", room.capacity().rates())
        .param("unknown_rate", Capacity.unknownRate(pool))
        .param("lease", lease.toSeconds())
        .param("hop", hop(now))
        .query((row, index) -> turn(row, environment, now))
        .list()
        .stream()
        .sorted(Comparator.comparingDouble(DispatchedJob::pass))
        .toList();
  }

  /** Advances the lanes and the virtual clock by a round of at least one job. */
  void remember(Environment environment, Pool pool, List<DispatchedJob> turns) {
    var passes = new HashMap<UUID, Double>();
    turns.forEach(
        turn ->
            passes.merge(turn.message().userId(), turn.pass() + 1.0 / turn.weight(), Math::max));
    var users = passes.keySet().toArray(UUID[]::new);
    database
        .sql(REMEMBER)
        .param("environment", environment.wire())
        .param("pool", pool.name())
        .param("users", users)
        .param("passes", Arrays.stream(users).mapToDouble(passes::get).toArray())
        .param("clock", turns.getFirst().pass())
        .update();
  }

  /** Jobs in flight and the bytes of their payloads. */
  record InFlight(int jobs, long bytes) {
    static final InFlight NONE = new InFlight(0, 0);

    InFlight plus(InFlight more) {
      return new InFlight(jobs + more.jobs, bytes + more.bytes);
    }
  }

  /**
   * What an environment has in flight, and which of its pools have queued jobs.
   *
   * @param running the jobs with an open run, which occupy neither the broker nor a worker
   */
  record Standing(Map<Pool, InFlight> out, Map<Pool, Integer> running, Set<Pool> queued) {

    boolean isQueued() {
      return !queued.isEmpty();
    }

    boolean isQueued(Pool pool) {
      return queued.contains(pool);
    }

    InFlight out(Pool pool) {
      return out.getOrDefault(pool, InFlight.NONE);
    }

    int running(Pool pool) {
      return running.getOrDefault(pool, 0);
    }

    /** Returns what is in flight of the pools that all operations share. */
    InFlight shared() {
      return sum(false);
    }

    /** Returns what is in flight of operations that have a pool of their own. */
    InFlight ofOperations() {
      return sum(true);
    }

    private InFlight sum(boolean isOfOperation) {
      return out.entrySet().stream()
          .filter(entry -> entry.getKey().isOfOperation() == isOfOperation)
          .map(Map.Entry::getValue)
          .reduce(InFlight.NONE, InFlight::plus);
    }
  }

  /** What both environments have in flight and queued. */
  record Standings(Standing live, Standing test) {}

  /** Counts rows, because a counter could drift. Steps from pool to pool by index. */
  Standings standing() {
    var live = new Count();
    var test = new Count();
    database
        .sql(STANDING)
        .query(
            row -> {
              var isLive = Environment.of(row.getString("environment")) == Environment.LIVE;
              (isLive ? live : test).add(row);
            });
    return new Standings(live.standing(), test.standing());
  }

  private static final class Count {
    private final Map<Pool, InFlight> out = new HashMap<>();
    private final Map<Pool, Integer> running = new HashMap<>();
    private final Set<Pool> queued = new HashSet<>();

    private void add(ResultSet row) throws SQLException {
      var pool = new Pool(row.getString("pool"));
      out.put(pool, new InFlight(row.getInt("jobs"), row.getLong("bytes")));
      running.put(pool, row.getInt("running"));
      if (row.getBoolean("queued")) {
        queued.add(pool);
      }
    }

    private Standing standing() {
      return new Standing(Map.copyOf(out), Map.copyOf(running), Set.copyOf(queued));
    }
  }

  /**
   * Keeps other replicas from dispatching the same kind of jobs until the caller's transaction
   * ends.
   *
   * @return false if another replica is doing so
   */
  boolean lock(String kind) {
    return database
        .sql("select pg_try_advisory_xact_lock(hashtext('behalf dispatches ' || ?))")
        .param(kind)
        .query(Boolean.class)
        .single();
  }

  /**
   * Returns the computing time of all costly jobs in flight, in both environments, because they
   * share the compute slots.
   */
  Duration workOut(Capacity capacity) {
    return Duration.ofMillis(
        database
            .sql(
                """
                select ceil(coalesce(sum(
                  least(:most_of_one, coalesce(r.rate, :unknown_rate) * greatest(1, octet_length(j.payload) / 1024.0))), 0))::bigint
                from jobs.jobs j
                left join unnest(:operations::text[], :rates::double precision[]) as r (operation, rate)
                  on r.operation = j.operation
                where j.environment in ('live', 'test') and j.pool = 'costly' and j.state = 'dispatched'
                """)
            .param("most_of_one", Capacity.MOST_OF_ONE.toMillis())
            .param("operations", capacity.operations())
            .param("rates", capacity.rates())
            .param("unknown_rate", Capacity.unknownRate(Pool.COSTLY))
            .query(Long.class)
            .single());
  }

  /** Queues again the jobs that the broker did not accept; that does not count as an attempt. */
  void giveBack(List<DispatchedJob> turns, Duration pause) {
    for (var turn : turns) {
      database
          .sql(
              """
              update jobs.jobs set state = 'queued', attempt = attempt - 1, lease_until = null,
                                   not_before = now() + make_interval(secs => :pause), hops = hops - (-1)
              where user_id = :user and id = :id and state = 'dispatched'
              """)
          .param("pause", pause.toSeconds())
          .param("user", turn.message().userId())
          .param("id", turn.message().jobId())
          .update();
    }
  }

  private static DispatchedJob turn(ResultSet row, Environment environment, Instant now)
      throws SQLException {
    return new DispatchedJob(
        new JobMessage(
            JobMessage.VERSION,
            row.getObject("id", UUID.class),
            row.getObject("user_id", UUID.class),
            environment,
            new RawJson(row.getString("payload")),
            row.getInt("attempt"),
            now,
            row.getString("origin_key_id"),
            row.getInt("operation_version")),
        row.getString("traceparent"),
        row.getDouble("pass"),
        row.getInt("weight"));
  }

  private static String hop(Instant now) {
    return StrictJson.text(List.of(new Hop(Hop.Station.DISPATCHED, now)));
  }
}
