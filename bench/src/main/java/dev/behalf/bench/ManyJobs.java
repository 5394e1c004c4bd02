package dev.behalf.bench;

import java.util.List;
import java.util.UUID;

/** Gives a user finished jobs of the last 60 days, with everything that pages show of them. */
final class ManyJobs {

  private static final int DAYS = 60;

  /** Statements about {@code ${user}}, {@code ${key}} (the id of its key) and {@code ${jobs}}. */
  private static final List<String> STATEMENTS =
      List.of(
          // Oldest first, as jobs arrive. One in ten failed; one in ten came with a batch.
          """
          insert into jobs.jobs (user_id, id, environment, operation, payload, state, not_before, fingerprint,
                                 created_at, finished_at, attempt, units, key_id, origin_key_id, code, hops,
                                 batch_id, batch_line)
          select '${user}', ${id}, 'live', operation, '{"operation":"' || operation || '","text":"text number ' || i || '"}',
                 case when failed then 'failed' else 'succeeded' end, at, '\\x00', at, at + interval '1 s', 1,
                 case when not failed then 1 + i % 5 end, 'bench', '${key}',
                 case when failed then (array['engine_failed', 'quota_exceeded'])[1 + i / 10 % 2] end,
                 jsonb_build_array(jsonb_build_object('station', 'submitted', 'at', at),
                                   jsonb_build_object('station', 'settled', 'at', at + interval '1 s')),
                 case when i / 100 % 10 = 0 then md5('batch' || i / 1000)::uuid end,
                 case when i / 100 % 10 = 0 then i % 100 end
          from (select i, i % 10 = 3 as failed, (array['echo', 'classify', 'embed', 'keywords'])[1 + i / 10 % 4] as operation,
                       now() - interval '1 day' * ${days} * (1 - i / ${jobs}.0) as at
                from generate_series(1, ${jobs}) i) made
          """,
          """
          insert into jobs.batches (user_id, id, environment, name, format, lines, queued, complete, created_at, completed_at)
          select user_id, batch_id, 'live', 'texts.csv', 'csv', count(*), count(*), true, min(created_at), max(finished_at)
          from jobs.jobs where user_id = '${user}' and batch_id is not null group by 1, 2
          """,
          """
          insert into compute.results (user_id, job_id, environment, operation, fingerprint, result, units, created_at)
          select user_id, id, environment, operation, fingerprint, '{"text":"a result"}', units, finished_at
          from jobs.jobs where user_id = '${user}' and state = 'succeeded'
          """,
          // A trigger adds the charges up by hour.
          """
          insert into compute.ledger (user_id, job_id, environment, period, units, key_id, origin_key_id, created_at, operation)
          select user_id, id, environment, to_char(finished_at at time zone 'utc', 'YYYY-MM'), units, key_id,
                 origin_key_id, finished_at, operation
          from jobs.jobs where user_id = '${user}' and state = 'succeeded'
          """,
          """
          insert into compute.quota (user_id, environment, period, limit_units, used)
          select user_id, environment, period, 1000000000, sum(units) from compute.ledger
          where user_id = '${user}' group by 1, 2, 3
          """,
          // The log of requests keeps a week.
          """
          insert into accounts.key_requests (user_id, key_id, at, method, route, status, duration_ms, address)
          select user_id, origin_key_id, created_at, 'POST', '/api/v1/jobs', 202, 2, '127.0.0.1'
          from jobs.jobs where user_id = '${user}' and created_at > now() - interval '7 days' order by id
          """,
          """
          insert into accounts.key_days (user_id, key_id, day, calls)
          select user_id, origin_key_id, (created_at at time zone 'utc')::date, count(*)
          from jobs.jobs where user_id = '${user}' group by 1, 2, 3
          """,
          """
          insert into accounts.audit_log (user_id, at, actor, action, object)
          select '${user}', now() - interval '1 hour' * (1000 - i), 'session', 'key.changed', '${key}'
          from generate_series(1, 1000) i
          """);

  private ManyJobs() {}

  /** Adds the jobs; afterwards, {@code vacuum analyze} makes the statistics those of any day. */
  static void give(TestBed stand, UUID user, String keyId, int jobs) {
    for (var statement : STATEMENTS) {
      stand.execute(
          statement
              .replace("${id}", TestBed.newId("at"))
              .replace("${user}", user.toString())
              .replace("${key}", keyId)
              .replace("${days}", String.valueOf(DAYS))
              .replace("${jobs}", String.valueOf(jobs)));
    }
  }
}
