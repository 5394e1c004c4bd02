package dev.behalf.web.work.retention;

import dev.behalf.contract.Environment;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.work.jobs.JobEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Deletes ended jobs that are older than their user keeps them, in small pieces: user after user,
 * at most half of the time, and no row for which somebody else waits or that somebody else holds.
 * Ids grow with time, so that a look at the oldest ids of a user finds what is old. Replicas may do
 * the same work at once; each deletes what the others have not locked.
 */
@Component
class Deletions {

  private static final int USERS = 1_000;
  private static final int JOBS = 500;

  /** How long a run works, of each second. */
  private static final Duration SHARE = Duration.ofMillis(500);

  private static final UUID FIRST = new UUID(0, 0);

  /**
   * Locks the oldest jobs that are old enough. The id of the horizon is the least UUIDv7 of its
   * millisecond. The environment is a literal, so that the planner can use the index of test jobs.
   */
  private static final String OLD =
      """
      select j.user_id, j.id, u.horizon
      from (select u.id as user_id,
                   :now - make_interval(days => least(nullif(:days, 0), r.days)) as horizon
            from accounts.users u
            left join jobs.retention r on r.user_id = u.id and r.environment = '${environment}'
            where u.id > :after and u.id <= :last) u
      cross join lateral (
        select j.user_id, j.id from jobs.jobs j
        where j.user_id = u.user_id and j.environment = '${environment}' and j.finished_at < u.horizon
          and j.id < (lpad(to_hex(floor(extract(epoch from u.horizon) * 1000)::bigint), 12, '0')
                      || '70008000000000000000')::uuid
        order by j.id limit :most for update skip locked) j
      limit :most
      """;

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final RetentionSettings settings;
  private final ApplicationEventPublisher events;
  private final InstantSource clock;
  private final ReentrantLock running = new ReentrantLock();
  private Instant nextWalk = Instant.MIN;
  private UUID after = FIRST;

  Deletions(
      JdbcClient database,
      TransactionTemplate transaction,
      RetentionSettings settings,
      ApplicationEventPublisher events,
      InstantSource clock) {
    this.database = database;
    this.transaction = transaction;
    this.settings = settings;
    this.events = events;
    this.clock = clock;
  }

  private record Old(UUID userId, UUID id, Instant horizon) {}

  /** At a fixed rate, so that a long statement delays no other task; one run at a time. */
  @Scheduled(fixedRateString = "1s", initialDelayString = "${behalf.retention.first:1m}")
  void run() {
    if (!running.tryLock()) {
      return;
    }
    try {
      long until = System.nanoTime() + SHARE.toNanos();
      while (!clock.instant().isBefore(nextWalk) && System.nanoTime() < until) {
        step();
      }
    } finally {
      running.unlock();
    }
  }

  /** Deletes one piece of the next users, or goes on to the users after them. */
  private void step() {
    var last = lastOfNext();
    if (last == null) {
      after = FIRST;
      nextWalk = clock.instant().plus(settings.every());
      return;
    }
    var isMore = false;
    for (var environment : Environment.values()) {
      isMore |= delete(environment, last) == JOBS;
    }
    if (!isMore) {
      after = last;
    }
  }

  private @Nullable UUID lastOfNext() {
    return database
        .sql(
            """
            select max(id::text)::uuid from (
              select id from accounts.users where id > ? order by id limit ?) next
            """)
        .params(after, USERS)
        .query(UUID.class)
        .optional()
        .orElse(null);
  }

  private int delete(Environment environment, UUID last) {
    Integer found = transaction.execute(status -> deleteSome(environment, last));
    return found == null ? 0 : found;
  }

  private int deleteSome(Environment environment, UUID last) {
    var old =
        database
            .sql(OLD.replace("${environment}", environment.wire()))
            .param("now", Timestamps.of(clock.instant()))
            .param("days", settings.days(environment))
            .param("after", after)
            .param("last", last)
            .param("most", JOBS)
            .query(
                (row, index) ->
                    new Old(
                        row.getObject("user_id", UUID.class),
                        row.getObject("id", UUID.class),
                        Timestamps.instant(row, "horizon")))
            .list();
    if (!old.isEmpty()) {
      int deleted =
          database
              .sql("select jobs.delete_ended(?, ?::uuid[], ?::uuid[], ?::timestamptz[])")
              .params(
                  environment.wire(),
                  ids(old.stream().map(Old::userId).toList()),
                  ids(old.stream().map(Old::id).toList()),
                  old.stream().map(one -> one.horizon().toString()).toArray(String[]::new))
              .query(Integer.class)
              .single();
      events.publishEvent(new JobEvent.Deleted(environment, deleted));
    }
    return old.size();
  }

  private static String[] ids(List<UUID> ids) {
    return ids.stream().map(UUID::toString).toArray(String[]::new);
  }
}
