package dev.behalf.compute.charges;

import dev.behalf.compute.ComputeDatabase;
import dev.behalf.compute.ledger.Ledgers;
import dev.behalf.compute.quota.Quotas;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** Quotas, holds, results and ledger in a database, with what other services do to them. */
final class Books {

  private static final ComputeDatabase DATABASE = new ComputeDatabase();
  private static final Duration LEASE = Duration.ofHours(1);

  final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-24T10:00:00Z"));
  final List<Object> events = new CopyOnWriteArrayList<>();
  final HeldCharges charges;
  private final Charges quick;

  Books() {
    var client = DATABASE.client();
    var results = new Results(client, now::get);
    var ledger = Ledgers.of(client, now::get);
    var quotas = new Quotas(client, now::get);
    charges =
        new HeldCharges(
            DATABASE.transaction(),
            results,
            quotas.quota(),
            quotas.caps(),
            quotas.holds(),
            ledger,
            events::add);
    quick = new Charges(DATABASE.transaction(), results, quotas.quota(), quotas.caps(), ledger);
  }

  UUID newUser(long limit) {
    var user = DATABASE.newUser();
    limit(user, limit);
    return user;
  }

  String newKey(UUID user, long dailyCap) {
    return DATABASE.newKey(user, dailyCap);
  }

  HoldDecision hold(PendingCharge greatest) {
    return charges.hold(greatest, LEASE);
  }

  /** Stores and charges a result for which nothing is held. */
  ChargeDecision store(PendingCharge charge) {
    return quick.settle(charge);
  }

  void limit(UUID user, long units) {
    DATABASE.sql(
        """
        insert into compute.quota (user_id, environment, period, limit_units) values (?, 'live', ?, ?)
        on conflict (user_id, environment, period) do update set limit_units = excluded.limit_units
        """,
        user,
        now.get().toString().substring(0, 7),
        units);
  }

  void endLease(UUID job) {
    DATABASE.sql(
        "update compute.holds set lease_until = now() - interval '1 second' where job_id = ?", job);
  }

  /** Cancels a job as web-app does, unless it has a result. */
  void cancel(UUID user, UUID job) {
    DATABASE.inTransaction(
        owner -> {
          owner
              .sql("select id from accounts.users where id = ? for update")
              .param(user)
              .query()
              .listOfRows();
          owner
              .sql(
                  """
                  insert into compute.cancellations (user_id, job_id, environment, cancelled_at)
                  select :user, :job, 'live', now()
                  where not exists (select from compute.results where user_id = :user and job_id = :job)
                  on conflict do nothing
                  """)
              .param("user", user)
              .param("job", job)
              .update();
        });
  }

  void deleteKey(String key) {
    DATABASE.sql("delete from accounts.api_keys where key_id = ?", key);
  }

  void delete(UUID user) {
    DATABASE.sql("delete from accounts.users where id = ?", user);
  }

  String state(UUID user) {
    return state(user, now.get().toString().substring(0, 7));
  }

  String state(UUID user, String period) {
    return text(
        "select 'used ' || used || ', held ' || held from compute.quota"
            + " where user_id = ? and environment = 'live' and period = ?",
        user,
        period);
  }

  String unitsOfKey(String key, String day) {
    return text(
        "select units || ' + ' || held from compute.key_units where key_id = ? and day = ?::date",
        key,
        day);
  }

  /** Returns the charges of a user, such as {@code succeeded: 12 of 30}. */
  List<String> ledger(UUID user) {
    return texts(
        "select outcome || ': ' || units || coalesce(' of ' || held, '') || coalesce(', reported ' || reported, '')"
            + " from compute.ledger where user_id = ? order by created_at",
        user);
  }

  /** Returns what is used and held in the current month. */
  long committed(UUID user) {
    return number(
        "select coalesce(sum(used + held), 0) from compute.quota where user_id = ? and period = ?",
        user,
        now.get().toString().substring(0, 7));
  }

  /** Returns the limit of the current month, or of the latest one if it has no row yet. */
  long limitOf(UUID user) {
    return number(
        "select limit_units from compute.quota where user_id = ? and period <= ? order by period desc limit 1",
        user,
        now.get().toString().substring(0, 7));
  }

  long held(UUID user) {
    return number("select sum(held) from compute.quota where user_id = ?", user);
  }

  /** Returns the most that was used and held of a key on a day. */
  long committedOfKey(String key) {
    return number(
        "select coalesce(max(units + held), 0) from compute.key_units where key_id = ?", key);
  }

  /** Returns what is wrong in the books of a user. */
  List<String> faults(UUID user) {
    return texts(
        """
        select 'held in ' || period || ': ' || held || ' of ' || h.units from compute.quota q
        cross join lateral (select coalesce(sum(units), 0) as units from compute.holds h
          where h.user_id = q.user_id and h.environment = q.environment and h.period = q.period) h
        where q.user_id = :user and q.held <> h.units
        union all
        select 'used in ' || period || ': ' || used || ' of ' || l.units from compute.quota q
        cross join lateral (select coalesce(sum(units), 0) as units from compute.ledger l
          where l.user_id = q.user_id and l.environment = q.environment and l.period = q.period) l
        where q.user_id = :user and q.used <> l.units
        union all
        select 'held of key on ' || day || ': ' || held || ' of ' || h.units from compute.key_units k
        cross join lateral (select coalesce(sum(units), 0) as units from compute.holds h
          where h.user_id = k.user_id and h.capped_key_id = k.key_id and h.day = k.day) h
        where k.user_id = :user and k.held <> h.units
        union all
        select 'result without its charge: ' || job_id from compute.results r
        where r.user_id = :user and not exists (select from compute.ledger l
          where l.user_id = r.user_id and l.job_id = r.job_id and l.environment = r.environment and l.units = r.units)
        union all
        select 'charge without a result: ' || job_id from compute.ledger l
        where l.user_id = :user and not exists (select from compute.results r
          where l.user_id = r.user_id and l.job_id = r.job_id and l.environment = r.environment)
        union all
        select 'cancelled and charged: ' || l.job_id from compute.ledger l join compute.cancellations c using (user_id, job_id)
        where l.user_id = :user
        """,
        user);
  }

  private static String text(String sql, Object... params) {
    return DATABASE.client().sql(sql).params(params).query(String.class).single();
  }

  private static long number(String sql, Object... params) {
    return DATABASE.number(sql, params);
  }

  private static List<String> texts(String sql, UUID user) {
    var query = DATABASE.client().sql(sql);
    return (sql.contains(":user") ? query.param("user", user) : query.param(user))
        .query((row, index) -> row.getString(1))
        .list();
  }
}
