package dev.behalf.web.operators.console;

import java.util.Locale;

/**
 * What must never be, as {@code behalf check} counts it over everything. Here each looks only at
 * what was written since {@code :since}, goes by an index, and names the users it is about.
 */
enum LedgerSentence {
  STUCK_DISPATCHED(
      "select user_id from jobs.jobs where state = 'dispatched' and lease_until < now() - interval '1 minute'"),
  STUCK_QUEUED(
      """
      select j.user_id from jobs.jobs j where j.state = 'queued' and j.not_before < now() - interval '1 hour'
        and not exists (select from jobs.jobs d where d.state = 'dispatched' and d.environment = j.environment
                          and d.pool = j.pool)
      """),
  SUCCEEDED_WITHOUT_RESULT(
      """
      select j.user_id from jobs.jobs j left join compute.results r on r.user_id = j.user_id and r.job_id = j.id
        and r.environment = j.environment
      where j.created_at >= :since and j.state = 'succeeded' and r.job_id is null
      """),
  RESULT_WITHOUT_SUCCESS(
      """
      select r.user_id from compute.results r join jobs.jobs j on j.user_id = r.user_id and j.id = r.job_id
        and j.environment = r.environment
      where r.created_at >= :since and j.state in ('failed', 'cancelled') and j.finished_at < now() - interval '1 minute'
      """),
  RESULT_WITHOUT_CHARGE(
      """
      select r.user_id from compute.results r left join compute.ledger l on l.user_id = r.user_id and l.job_id = r.job_id
        and l.environment = r.environment
      where r.created_at >= :since and l.job_id is null
      """),
  CHARGE_DIFFERS(
      """
      select l.user_id from compute.ledger l
      join compute.results r on r.user_id = l.user_id and r.job_id = l.job_id and r.environment = l.environment
      left join jobs.jobs j on j.user_id = l.user_id and j.id = l.job_id and j.environment = l.environment
        and j.state = 'succeeded'
      where l.created_at >= :since and (l.units <> r.units or l.units <> j.units)
      """),
  /** Of those who were charged since then; a user's whole month is added up. */
  QUOTA_DIFFERS(
      """
      select q.user_id from (
        select distinct user_id, environment, period from compute.ledger where created_at >= :since) c
      join compute.quota q on q.user_id = c.user_id and q.environment = c.environment and q.period = c.period
      where q.used <> (select coalesce(sum(l.units), 0) from compute.ledger l
                       where l.user_id = q.user_id and l.environment = q.environment and l.period = q.period)
      """),
  RESULT_OF_ANOTHER(
      """
      select l.user_id from compute.ledger l join accounts.api_keys k on k.key_id = l.key_id and k.kind = 'managed'
      left join jobs.jobs j on j.user_id = l.user_id and j.id = l.job_id and j.environment = l.environment
      where l.created_at >= :since and j.id is null
      """),
  CHARGE_BY_ANOTHERS_KEY(
      """
      select l.user_id from compute.ledger l join accounts.api_keys k on k.key_id = l.key_id
      where l.created_at >= :since and k.user_id <> l.user_id
      """),
  CHARGED_BY_AN_ENDED_KEY(
      """
      select l.user_id from compute.ledger l join accounts.api_keys k on k.user_id = l.user_id and k.key_id = l.key_id
      where l.created_at >= :since
        and l.created_at > least(k.revoked_at, k.overlap_until, k.expires_at) + interval '31 seconds'
      """),
  ENVIRONMENTS_MIXED(
      """
      select l.user_id from compute.ledger l join accounts.api_keys k on k.key_id = l.key_id
      where l.created_at >= :since and l.environment <> k.environment
      """),
  SUCCEEDED_WITHOUT_CHARGE(
      """
      select j.user_id from jobs.jobs j left join compute.ledger l on l.user_id = j.user_id and l.job_id = j.id
        and l.environment = j.environment
      where j.created_at >= :since and j.state = 'succeeded' and l.job_id is null
      """);

  private final String query;

  LedgerSentence(String query) {
    this.query = query;
  }

  String query() {
    return query;
  }

  String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
