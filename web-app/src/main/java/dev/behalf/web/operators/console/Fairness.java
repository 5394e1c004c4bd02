package dev.behalf.web.operators.console;

import dev.behalf.contract.Environment;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.dispatch.Lanes;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Reports each user's share of the jobs served, and sets users' lanes. */
@Component
class Fairness {

  /** The maximum number of busy users. */
  private static final int LANES = 100;

  /** The maximum count of a user's queued jobs; a larger exact number helps nobody. */
  static final int COUNT_TO = 10_000;

  private static final String SERVED =
      """
      with recursive busy as (
        (select pool, user_id from jobs.jobs where environment = :environment and state = 'queued'
         order by pool, user_id, priority, not_before, id limit 1)
        union all
        select n.pool, n.user_id from busy b cross join lateral (
          select pool, user_id from jobs.jobs
          where environment = :environment and state = 'queued' and (pool, user_id) > (b.pool, b.user_id)
          order by pool, user_id, priority, not_before, id limit 1) n
      ), queued as (
        select b.user_id, sum(c.queued) as queued from (select * from busy limit :lanes) b cross join lateral (
          select count(*) as queued from (
            select from jobs.jobs
            where environment = :environment and pool = b.pool and user_id = b.user_id and state = 'queued'
            limit :count_to) q) c
        group by 1
      ), taken as (
        select user_id, count(*) as out from (
          select user_id from jobs.jobs where environment = :environment and state = 'dispatched'
          union all select user_id from jobs.jobs where environment = :environment and state = 'running') out
        group by 1
      ), served as (
        select user_id, count(*) as hour, count(*) filter (where created_at > now() - interval '5 minutes') as lately
        from compute.ledger where created_at > now() - interval '1 hour' and environment = :environment
        group by 1 order by 2 desc limit :lanes
      ), everyone as (
        select user_id from queued union select user_id from taken union select user_id from served
      )
      select e.user_id, accounts.name_of(e.user_id) as email, coalesce(q.queued, 0) as queued, coalesce(t.out, 0) as out, coalesce(s.hour, 0) as hour,
             coalesce(s.lately, 0) as lately, coalesce(l.weight, 1) as weight, l.cap
      from everyone e join accounts.users u on u.id = e.user_id
      left join queued q on q.user_id = e.user_id
      left join taken t on t.user_id = e.user_id
      left join served s on s.user_id = e.user_id
      left join jobs.lanes l on l.user_id = e.user_id and l.environment = :environment and l.pool = 'quick'
      order by hour desc, queued desc, e.user_id limit :lanes
      """;

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final Lanes lanes;
  private final OperatorAudit log;

  Fairness(JdbcClient database, TransactionTemplate transaction, Lanes lanes, OperatorAudit log) {
    this.database = database;
    this.transaction = transaction;
    this.lanes = lanes;
    this.log = log;
  }

  /**
   * The service that one user gets.
   *
   * @param lately the jobs served in the last 5 minutes
   * @param hour the jobs served in the last hour
   * @param share the fraction of all jobs served in the last hour, from 0 to 1
   * @param shareNow the fraction of all jobs in flight, from 0 to 1
   */
  record Part(
      UUID userId,
      String email,
      long queued,
      long out,
      long lately,
      long hour,
      int weight,
      @Nullable Integer cap,
      double share,
      double shareNow) {}

  /**
   * The service that all users get.
   *
   * @param jain Jain's fairness index of the last hour: 1 if each of n users was served by weight,
   *     1/n if one user was served alone
   * @param jainNow Jain's fairness index of the jobs in flight
   */
  record Picture(List<Part> parts, double jain, double jainNow) {}

  Picture of(Environment environment) {
    var parts = shared(Objects.requireNonNull(transaction.execute(status -> read(environment))));
    return new Picture(
        parts,
        jain(parts, part -> (double) part.hour() / part.weight()),
        jain(parts, part -> (double) part.out() / part.weight()));
  }

  int commonCap() {
    return lanes.commonCap();
  }

  @Transactional
  public void set(
      Caller caller, Environment environment, UUID userId, int weight, @Nullable Integer cap) {
    if (weight < 1 || weight > Lanes.HEAVIEST) {
      throw FormValues.fault("Choose a weight from 1 to 1,000.");
    }
    if (cap != null && cap < 0) {
      throw FormValues.fault("Choose a cap of 0 or more, or leave it empty.");
    }
    lanes.set(new Lanes.Lane(userId, environment, weight, cap));
    var details = new HashMap<String, Object>();
    details.put("environment", environment.wire());
    details.put("weight", weight);
    if (cap != null) {
      details.put("cap", cap);
    }
    log.writeAbout(caller, userId, "lane.changed", details);
  }

  /** Returns the fairness index (Σx)² / (n · Σx²) of Jain, Chiu and Hawe, 1984. */
  static double jain(List<Part> parts, ToDoubleFunction<Part> served) {
    var sum = parts.stream().mapToDouble(served).sum();
    var squares = parts.stream().mapToDouble(served).map(x -> x * x).sum();
    return squares == 0 ? 1 : sum * sum / (parts.size() * squares);
  }

  private List<Part> read(Environment environment) {
    database.sql("set local plan_cache_mode = force_custom_plan").update();
    database.sql("set local statement_timeout = '5s'").update();
    return database
        .sql(SERVED)
        .param("environment", environment.wire())
        .param("lanes", LANES)
        .param("count_to", COUNT_TO)
        .query(
            (row, index) ->
                new Part(
                    row.getObject("user_id", UUID.class),
                    row.getString("email"),
                    row.getLong("queued"),
                    row.getLong("out"),
                    row.getLong("lately"),
                    row.getLong("hour"),
                    row.getInt("weight"),
                    row.getObject("cap", Integer.class),
                    0,
                    0))
        .list();
  }

  private static List<Part> shared(List<Part> parts) {
    var hour = Math.max(1, parts.stream().mapToLong(Part::hour).sum());
    var out = Math.max(1, parts.stream().mapToLong(Part::out).sum());
    return parts.stream()
        .map(
            p ->
                new Part(
                    p.userId(),
                    p.email(),
                    p.queued(),
                    p.out(),
                    p.lately(),
                    p.hour(),
                    p.weight(),
                    p.cap(),
                    (double) p.hour() / hour,
                    (double) p.out() / out))
        .toList();
  }
}
