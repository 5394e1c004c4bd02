package dev.behalf.web.billing.usage;

import java.util.UUID;

/** Charges as compute-server writes them. */
public final class Charges {

  private Charges() {}

  public static String charge(
      UUID user,
      UUID job,
      String environment,
      String operation,
      long units,
      String key,
      String at) {
    return """
        insert into jobs.jobs (user_id, id, environment, operation, payload, state, not_before, fingerprint, created_at,
                               finished_at, units)
          values ('%1$s', '%2$s', '%3$s', '%4$s', '{"operation":"%4$s","text":"hello"}', 'succeeded', '%7$s', '', '%7$s',
                  '%7$s', %5$d);
        insert into compute.results values ('%1$s', '%2$s', '%3$s', '%4$s', '', '{}', %5$d, '%7$s');
        insert into compute.ledger
          values ('%1$s', '%2$s', '%3$s', to_char('%7$s'::timestamptz at time zone 'UTC', 'YYYY-MM'), %5$d, 'managed00000',
                  '%7$s', '%4$s', %6$s);
        insert into compute.quota
          values ('%1$s', '%3$s', to_char('%7$s'::timestamptz at time zone 'UTC', 'YYYY-MM'), 1000, %5$d)
          on conflict (user_id, environment, period) do update set used = compute.quota.used + excluded.used;
        """
        .formatted(
            user, job, environment, operation, units, key.isEmpty() ? "null" : "'" + key + "'", at);
  }
}
