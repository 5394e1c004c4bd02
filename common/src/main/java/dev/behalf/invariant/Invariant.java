package dev.behalf.invariant;

import dev.behalf.contract.JobState;
import dev.behalf.contract.WireName;

/**
 * A condition that every installation must satisfy at any time. Each query returns the {@code
 * user_id} of each violation, reads only rows written since {@code :since}, and uses an index to
 * find them.
 *
 * <p>{@code behalf check} runs the queries over all rows; web-app runs them every ten minutes over
 * new rows. Their numbers are those of the promises in the README.
 */
public enum Invariant implements WireName {
  STUCK_DISPATCHED(
      2,
      "dispatched jobs whose lease ended more than a minute ago",
      "select user_id from jobs.jobs where state = 'dispatched' and lease_until < now() - interval '1 minute'"),
  /** Jobs of an own engine may wait for it for longer, and end when that is over. */
  STUCK_QUEUED(
      2,
      "jobs that are due for an hour while none of their pool is dispatched",
      """
      select j.user_id from jobs.jobs j where j.state = 'queued' and j.not_before < now() - interval '1 hour'
        and j.pool in ('quick', 'costly')
        and not exists (select from jobs.jobs d where d.state = 'dispatched' and d.environment = j.environment
                          and d.pool = j.pool)
      """),
  STUCK_RUNNING(
      2,
      "running jobs whose run ended, or whose server was lost, more than a minute ago",
      """
      select j.user_id from jobs.jobs j left join compute.runs r on r.user_id = j.user_id and r.job_id = j.id
        and r.environment = j.environment and r.epoch > j.run_epoch
      left join compute.replicas p on p.id = r.replica
      where j.state = 'running'
        and (r.job_id is null or r.ended_at < now() - interval '1 minute'
             or (r.state = 'open' and r.started_at < now() - interval '90 seconds'
                 and coalesce(p.lease_until < now() - interval '1 minute', true)))
      """),
  SUCCEEDED_WITHOUT_RESULT(
      2,
      "succeeded jobs without a result",
      """
      select j.user_id from jobs.jobs j left join compute.results r on r.user_id = j.user_id and r.job_id = j.id
        and r.environment = j.environment
      where j.created_at >= :since and j.state = 'succeeded' and r.job_id is null
      """),
  RESULT_WITHOUT_SUCCESS(
      2,
      "results of jobs that failed or were cancelled",
      """
      select r.user_id from compute.results r join jobs.jobs j on j.user_id = r.user_id and j.id = r.job_id
        and j.environment = r.environment
      where r.created_at >= :since and j.state %s and j.finished_at < :settled
      """
          .formatted(JobState.in(JobState::isUnsuccessful))),
  RESULT_WITHOUT_CHARGE(
      3,
      "results without a charge",
      """
      select r.user_id from compute.results r left join compute.ledger l on l.user_id = r.user_id and l.job_id = r.job_id
        and l.environment = r.environment
      where r.created_at >= :since and l.job_id is null
      """),
  CHARGE_DIFFERS(
      3,
      "charges that differ from their result or job",
      """
      select l.user_id from compute.ledger l
      join compute.results r on r.user_id = l.user_id and r.job_id = l.job_id and r.environment = l.environment
      left join jobs.jobs j on j.user_id = l.user_id and j.id = l.job_id and j.environment = l.environment
        and j.state = 'succeeded'
      where l.created_at >= :since and (l.units <> r.units or l.units <> j.units)
      """),
  /**
   * Adds up a user's whole month: for users charged since {@code :since}, or for all users if
   * {@code :since} is {@code -infinity}.
   */
  QUOTA_DIFFERS(
      3,
      "quotas whose use differs from the sum of their charges",
      """
      select c.user_id from (
        select distinct user_id, environment, period from compute.ledger where created_at >= :since
        union select user_id, environment, period from compute.quota where :since = '-infinity'::timestamptz) c
      left join compute.quota q on q.user_id = c.user_id and q.environment = c.environment and q.period = c.period
      where coalesce(q.used, 0) <> (select coalesce(sum(l.units), 0) from compute.ledger l
                                    where l.user_id = c.user_id and l.environment = c.environment and l.period = c.period)
      """),
  CHARGE_WITHOUT_RESULT(
      3,
      "charges of succeeded jobs without a result",
      """
      select l.user_id from compute.ledger l left join compute.results r on r.user_id = l.user_id and r.job_id = l.job_id
        and r.environment = l.environment
      where l.created_at >= :since and l.outcome = 'succeeded' and r.job_id is null and :kept
      """),
  CHARGE_ABOVE_HOLD(
      8,
      "charges above what was held for them",
      "select user_id from compute.ledger where created_at >= :since and units > held"),
  HELD_DIFFERS(
      8,
      "quotas or keys whose held units differ from the sum of their holds",
      """
      select c.user_id from (
        select user_id, environment, period from compute.quota where held > 0
        union select user_id, environment, period from compute.holds) c
      join compute.quota q on q.user_id = c.user_id and q.environment = c.environment and q.period = c.period
      where q.held <> (select coalesce(sum(h.units), 0) from compute.holds h
                       where h.user_id = c.user_id and h.environment = c.environment and h.period = c.period)
      union all
      select c.user_id from (
        select user_id, key_id, day from compute.key_units where held > 0
        union select user_id, capped_key_id, day from compute.holds where capped_key_id is not null) c
      left join compute.key_units k on k.user_id = c.user_id and k.key_id = c.key_id and k.day = c.day
      where coalesce(k.held, 0) <> (select coalesce(sum(h.units), 0) from compute.holds h
                                    where h.user_id = c.user_id and h.capped_key_id = c.key_id and h.day = c.day)
      """),
  /** The hold of a run has no lease of its own: its lease is far away. */
  HOLD_WITHOUT_WORK(
      8,
      "holds whose lease ended more than a minute ago, or whose run is not open",
      """
      select h.user_id from compute.holds h left join compute.runs r on r.user_id = h.user_id and r.job_id = h.job_id
        and r.environment = h.environment and r.state = 'open'
      where h.lease_until < now() - interval '1 minute'
        or (h.lease_until > now() + interval '1 year' and r.job_id is null)
      """),
  RUN_WITHOUT_HOLD(
      8,
      "open runs without a hold",
      """
      select r.user_id from compute.runs r left join compute.holds h on h.user_id = r.user_id and h.job_id = r.job_id
        and h.environment = r.environment
      where r.state = 'open' and h.job_id is null
      """),
  RESULT_OF_ANOTHER(
      4,
      "results that a worker made for a user who has no such job",
      """
      select l.user_id from compute.ledger l join accounts.api_keys k on k.key_id = l.key_id and k.kind = 'managed'
      left join jobs.jobs j on j.user_id = l.user_id and j.id = l.job_id and j.environment = l.environment
      where l.created_at >= :since and j.id is null and :kept
      """),
  CHARGE_BY_ANOTHERS_KEY(
      4,
      "charges made with a key of another user",
      """
      select l.user_id from compute.ledger l join accounts.api_keys k on k.key_id = l.key_id
      where l.created_at >= :since and k.user_id <> l.user_id
      """),
  CHARGED_BY_AN_ENDED_KEY(
      5,
      "charges made with a key that had ended before its request began",
      """
      select l.user_id from compute.ledger l join accounts.api_keys k on k.user_id = l.user_id and k.key_id = l.key_id
      left join compute.runs r on r.user_id = l.user_id and r.job_id = l.job_id and r.environment = l.environment
      where l.created_at >= :since
        -- Of a long job, the run says when it began; a deleted one has none.
        and (l.held is null or r.job_id is not null or :kept)
        and coalesce(r.started_at, l.created_at) > least(k.revoked_at, k.overlap_until, k.expires_at) + interval '31 seconds'
      """),
  ENVIRONMENTS_MIXED(
      7,
      "charges whose environment differs from that of their key",
      """
      select l.user_id from compute.ledger l join accounts.api_keys k on k.key_id = l.key_id
      where l.created_at >= :since and l.environment <> k.environment
      """),
  SUCCEEDED_WITHOUT_CHARGE(
      3,
      "succeeded jobs without a charge",
      """
      select j.user_id from jobs.jobs j left join compute.ledger l on l.user_id = j.user_id and l.job_id = j.id
        and l.environment = j.environment
      where j.created_at >= :since and j.state = 'succeeded' and l.job_id is null
      """);

  /** Whether the job of a charge {@code l} must be there: older ones may have been deleted. */
  private static final String KEPT =
      """
      l.created_at >= coalesce((select d.before from jobs.deletions_by_operation d
                                where d.user_id = l.user_id and d.environment = l.environment
                                  and d.operation = l.operation), '-infinity')
      """;

  private final int promise;
  private final String violations;
  private final String query;

  Invariant(int promise, String violations, String query) {
    this.promise = promise;
    this.violations = violations;
    this.query = query;
  }

  /** Returns the number of the promise that a violation breaks. */
  public int promise() {
    return promise;
  }

  /** Returns a description of the violations, such as "results without a charge". */
  public String violations() {
    return violations;
  }

  /**
   * Returns an SQL query that yields one {@code user_id} for each violation.
   *
   * @param since the time before which rows are not read, as an SQL expression or a parameter
   * @param settled the time after which a finished job may still have an outcome on its way, as an
   *     SQL expression
   */
  public String query(String since, String settled) {
    return query.replace(":kept", KEPT).replace(":since", since).replace(":settled", settled);
  }
}
