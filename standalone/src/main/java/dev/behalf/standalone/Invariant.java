package dev.behalf.standalone;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What must never be, as a query that counts it. The numbers are those of the promises in the
 * README.
 */
public enum Invariant {
  /** Promise 2. */
  STUCK_DISPATCHED(
      "2 dispatched jobs whose lease ended more than a minute ago",
      "select count(*) from jobs.jobs where state = 'dispatched' and lease_until < now() - interval '1 minute'"),
  STUCK_QUEUED(
      "2 jobs that are due for an hour while none of their pool is dispatched",
      """
      select count(*) from jobs.jobs j where j.state = 'queued' and j.not_before < now() - interval '1 hour'
        and not exists (select from jobs.jobs d where d.state = 'dispatched' and d.environment = j.environment
                          and d.pool = j.pool)
      """),
  SUCCEEDED_WITHOUT_RESULT(
      "2 succeeded jobs without a result",
      """
      select count(*) from jobs.jobs j left join compute.results r on r.user_id = j.user_id and r.job_id = j.id
        and r.environment = j.environment
      where j.state = 'succeeded' and r.job_id is null
      """),
  RESULT_WITHOUT_SUCCESS(
      "2 results of jobs that ended otherwise",
      """
      select count(*) from compute.results r join jobs.jobs j on j.user_id = r.user_id and j.id = r.job_id
        and j.environment = r.environment
      where j.state in ('failed', 'cancelled')
      """),
  RESULT_WITHOUT_CHARGE(
      "3 results without a charge",
      """
      select count(*) from compute.results r left join compute.ledger l using (user_id, job_id, environment) where l.job_id is null
      """),
  CHARGE_DIFFERS(
      "3 charges that differ from their result or job",
      """
      select count(*) from compute.ledger l join compute.results r using (user_id, job_id, environment)
      left join jobs.jobs j on j.user_id = l.user_id and j.id = l.job_id and j.environment = l.environment
        and j.state = 'succeeded'
      where l.units <> r.units or l.units <> j.units
      """),
  QUOTA_DIFFERS(
      "3 quotas whose use differs from the sum of their charges",
      """
      select count(*) from
        (select user_id, environment, period, sum(units) as units from compute.ledger group by 1, 2, 3) l
        full join compute.quota q using (user_id, environment, period)
      where coalesce(l.units, 0) <> coalesce(q.used, 0)
      """),
  RESULT_OF_ANOTHER(
      "4 results that a worker made for a user who has no such job",
      """
      select count(*) from compute.ledger l join accounts.api_keys k on k.key_id = l.key_id and k.kind = 'managed'
      left join jobs.jobs j on j.user_id = l.user_id and j.id = l.job_id and j.environment = l.environment
      where j.id is null
      """),
  CHARGE_BY_ANOTHERS_KEY(
      "4 charges made with a key of another user",
      "select count(*) from compute.ledger l join accounts.api_keys k on k.key_id = l.key_id where k.user_id <> l.user_id"),
  CHARGED_BY_AN_ENDED_KEY(
      "5 charges made with a key that had ended before its request began",
      """
      select count(*) from compute.ledger l join accounts.api_keys k on k.user_id = l.user_id and k.key_id = l.key_id
      where l.created_at > least(k.revoked_at, k.overlap_until, k.expires_at) + interval '31 seconds'
      """),
  ENVIRONMENTS_MIXED(
      "7 charges whose environment differs from that of their key",
      """
      select count(*) from compute.ledger l join accounts.api_keys k on k.key_id = l.key_id
      where l.environment <> k.environment
      """),
  SUCCEEDED_WITHOUT_CHARGE(
      "3 succeeded jobs without a charge",
      """
      select count(*) from jobs.jobs j left join compute.ledger l on l.user_id = j.user_id and l.job_id = j.id
        and l.environment = j.environment
      where j.state = 'succeeded' and l.job_id is null
      """);

  private final String sentence;
  private final String query;

  Invariant(String sentence, String query) {
    this.sentence = sentence;
    this.query = query;
  }

  /** What is counted, with the number of its promise. */
  public String sentence() {
    return sentence;
  }

  /** A sentence for each that is broken, with how often; as the role that owns the tables. */
  public static List<String> broken(Connection connection) throws SQLException {
    var broken = new ArrayList<String>();
    for (var invariant : values()) {
      var count = invariant.count(connection);
      if (count > 0) {
        broken.add(invariant.sentence() + ": " + count);
      }
    }
    return broken;
  }

  /** As the role that owns the tables. */
  public long count(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
