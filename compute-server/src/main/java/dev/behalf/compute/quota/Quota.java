package dev.behalf.compute.quota;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Period;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Monthly quotas in units, one per user and environment, shared by all keys of the user. Where the
 * cost of a job is known before it is computed, nothing is held: the check and the charge happen
 * under one lock. For all other jobs see {@link Holds}.
 */
@Component
public class Quota {

  private final JdbcClient database;
  private final InstantSource clock;

  Quota(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Returns the month that a charge made now counts for. */
  public Period period() {
    return Period.at(clock.instant());
  }

  /**
   * Refuses work that could not be charged, before it is done.
   *
   * @throws Problem {@code quota_exceeded} if fewer units are left
   */
  public void require(Account account, long units) {
    var state = state(account.userId(), account.environment(), period());
    if (state.left() < units) {
      throw exceeded(state, 0);
    }
  }

  /**
   * Keeps users from being deleted until the caller's transaction ends. This lock is taken before
   * any other, in the order in which an account is deleted.
   *
   * @return those of the users who still have an account
   */
  public Set<UUID> lockUsers(Collection<UUID> users) {
    return Set.copyOf(
        database
            .sql("select accounts.hold_users(:users::uuid[])")
            .param("users", users.stream().distinct().toArray(UUID[]::new))
            .query(UUID.class)
            .list());
  }

  /**
   * Locks the quotas of accounts and returns their states. Nobody else can charge these accounts
   * until the caller's transaction ends.
   */
  public Map<Account, QuotaState> lock(Set<Account> accounts, Period period) {
    var states = tryLock(accounts, period);
    if (states.size() < accounts.size()) {
      var missing = new HashSet<>(accounts);
      missing.removeAll(states.keySet());
      open(missing, period);
      states.putAll(tryLock(missing, period));
    }
    return states;
  }

  /** Charges units to locked accounts, which must have them left. */
  public void charge(Map<Account, Long> charges, Period period) {
    var accounts = List.copyOf(charges.keySet());
    database
        .sql(
            """
            update compute.quota q set used = q.used + charged.units
            from unnest(:users::uuid[], :environments::text[], :units::bigint[]) as charged (user_id, environment, units)
            where q.user_id = charged.user_id and q.environment = charged.environment and q.period = :period
            """)
        .param("users", users(accounts))
        .param("environments", environments(accounts))
        .param("units", accounts.stream().mapToLong(charges::get).toArray())
        .param("period", period.name())
        .update();
  }

  public List<QuotaState> states(UUID userId) {
    return List.of(
        state(userId, Environment.LIVE, period()), state(userId, Environment.TEST, period()));
  }

  /** Locks in a fixed order, so that two replicas cannot deadlock. */
  private Map<Account, QuotaState> tryLock(Collection<Account> accounts, Period period) {
    var states = new HashMap<Account, QuotaState>();
    database
        .sql(
            """
            select user_id, environment, limit_units, used, held from compute.quota
            where period = :period
              and (user_id, environment) in (select * from unnest(:users::uuid[], :environments::text[]))
            order by user_id, environment for update
            """)
        .param("period", period.name())
        .param("users", users(accounts))
        .param("environments", environments(accounts))
        .query(
            row -> {
              var environment = Environment.of(row.getString("environment"));
              states.put(
                  new Account(row.getObject("user_id", UUID.class), environment),
                  new QuotaState(
                      environment,
                      period,
                      row.getLong("limit_units"),
                      row.getLong("used"),
                      row.getLong("held")));
            });
    return states;
  }

  /** Opens a new month with the limit of the latest month, or with the default. */
  private void open(Collection<Account> accounts, Period period) {
    database
        .sql(
            """
            insert into compute.quota (user_id, environment, period, limit_units, used)
            select a.user_id, d.environment, :period,
                   coalesce((select q.limit_units from compute.quota q
                             where q.user_id = a.user_id and q.environment = d.environment and q.period < :period
                             order by q.period desc limit 1), d.limit_units), 0
            from unnest(:users::uuid[], :environments::text[]) as a (user_id, environment)
            join compute.quota_defaults d using (environment)
            order by a.user_id, d.environment
            on conflict do nothing
            """)
        .param("users", users(accounts))
        .param("environments", environments(accounts))
        .param("period", period.name())
        .update();
  }

  private static UUID[] users(Collection<Account> accounts) {
    return accounts.stream().map(Account::userId).toArray(UUID[]::new);
  }

  private static String[] environments(Collection<Account> accounts) {
    return accounts.stream().map(account -> account.environment().wire()).toArray(String[]::new);
  }

  private QuotaState state(UUID userId, Environment environment, Period period) {
    return database
        .sql(
            """
            select coalesce(q.limit_units, d.limit_units) as limit_units,
                   case when q.period = :period then q.used else 0 end as used,
                   case when q.period = :period then q.held else 0 end as held
            from compute.quota_defaults d
            left join lateral (select * from compute.quota
                               where user_id = :user and environment = :environment and period <= :period
                               order by period desc limit 1) q on true
            where d.environment = :environment
            """)
        .param("user", userId)
        .param("environment", environment.wire())
        .param("period", period.name())
        .query(
            (row, index) ->
                new QuotaState(
                    environment,
                    period,
                    row.getLong("limit_units"),
                    row.getLong("used"),
                    row.getLong("held")))
        .single();
  }

  /**
   * Returns the problem for a job that would exceed the limit.
   *
   * @param pending the units already charged in the same batch
   */
  public Problem exceeded(QuotaState state, long pending) {
    var seconds = Math.max(1, Duration.between(clock.instant(), state.period().end()).toSeconds());
    var name = state.environment().wire();
    var left = state.left() - pending;
    var held =
        state.held() == 0 ? "" : " and %,d are held for jobs under way".formatted(state.held());
    return new Problem(
            ProblemCode.QUOTA_EXCEEDED,
            "Of %,d %s units for %s, %,d are left%s: wait for the next month or request a higher quota."
                .formatted(state.limit(), name, state.period().name(), left, held))
        .with(
            "RateLimit-Policy",
            "\"%s\";q=%d;w=%d".formatted(name, state.limit(), state.period().length().toSeconds()))
        .with("RateLimit", "\"%s\";r=%d;t=%d".formatted(name, left, seconds))
        .with("Retry-After", String.valueOf(seconds));
  }
}
