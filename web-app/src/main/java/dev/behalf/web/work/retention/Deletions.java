package dev.behalf.web.work.retention;

import dev.behalf.contract.Environment;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.work.batches.OldBatches;
import dev.behalf.web.work.jobs.JobEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Deletes ended jobs and batches that are older than their user keeps them. A walk goes through all
 * users, in pieces and at most half of the time, and reads each old job once: ids grow with time,
 * so that a user's oldest jobs come first. It waits for no row: what somebody else has locked is
 * left for the next walk. Replicas may walk at once.
 */
@Component
class Deletions {

  private static final int USERS = 1_000;
  private static final int JOBS = 500;
  private static final int BATCHES = 20;

  /** How long a run works, of each second. */
  private static final Duration SHARE = Duration.ofMillis(500);

  private static final UUID FIRST = new UUID(0, 0);

  /** The time before which the jobs of each user are old; null for a user who keeps them. */
  private static final String HORIZONS =
      """
      select u.id as user_id, now() - make_interval(days => least(nullif(:days, 0), r.days)) as horizon
      from accounts.users u
      left join jobs.retention r on r.user_id = u.id and r.environment = '${environment}'
      """;

  /**
   * Finds the next old jobs, then locks their users against deletion, then the jobs. The id of a
   * horizon is the least UUIDv7 of its millisecond. The users are sorted first, so that the
   * statement ends with the user whose jobs fill the piece. A batch is deleted before its jobs, so
   * that it never shows some of them only; it is looked up as a value, because PostgreSQL would
   * read all batches for "not exists". The environment is a literal, so that the planner can use
   * the index of test jobs.
   */
  private static final String OLD =
      """
      with old as materialized (
        select j.user_id, j.id, u.horizon
        from (select * from (${horizons}) h where h.user_id >= :user and h.user_id <= :last order by h.user_id) u
        cross join lateral (
          select j.user_id, j.id from jobs.jobs j
          where j.user_id = u.user_id and j.environment = '${environment}' and j.finished_at < u.horizon
            and j.id > case when u.user_id = :user then :job else '00000000-0000-0000-0000-000000000000'::uuid end
            and j.id < (lpad(to_hex(floor(extract(epoch from u.horizon) * 1000)::bigint), 12, '0')
                        || '70008000000000000000')::uuid
            and (select b.id from jobs.batches b where b.user_id = j.user_id and b.id = j.batch_id) is null
          order by j.id limit :most) j
        order by u.user_id, j.id limit :most),
      living as materialized (
        select id from accounts.users where id in (select user_id from old) for key share skip locked),
      locked as (
        select j.user_id, j.id from jobs.jobs j
        where (j.user_id, j.id) in (select user_id, id from old) and j.user_id in (select id from living)
        for update skip locked)
      select old.*, locked.id is not null as is_locked from old left join locked using (user_id, id)
      order by user_id, id
      """;

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final OldBatches batches;
  private final RetentionSettings settings;
  private final ApplicationEventPublisher events;
  private final InstantSource clock;
  private final ReentrantLock running = new ReentrantLock();
  private Instant nextWalk = Instant.MIN;
  private Place place = Place.START;

  Deletions(
      JdbcClient database,
      TransactionTemplate transaction,
      OldBatches batches,
      RetentionSettings settings,
      ApplicationEventPublisher events,
      InstantSource clock) {
    this.database = database;
    this.transaction = transaction;
    this.batches = batches;
    this.settings = settings;
    this.events = events;
    this.clock = clock;
  }

  /**
   * Where a walk is.
   *
   * @param after the users up to here are done
   * @param user user of the last job that was found behind {@code after}
   */
  private record Place(Environment environment, UUID after, UUID user, UUID job) {

    static final Place START = of(Environment.TEST, FIRST);

    static Place of(Environment environment, UUID after) {
      return new Place(environment, after, after, new UUID(-1, -1));
    }

    boolean isStart() {
      return user.equals(after);
    }

    Place at(Old last) {
      return new Place(environment, after, last.userId(), last.id());
    }
  }

  private record Old(UUID userId, UUID id, Instant horizon, boolean isLocked) {}

  private record Piece(List<Old> found, int deleted) {}

  /** At a fixed rate, so that a long statement delays no other task; one run at a time. */
  @Scheduled(fixedRateString = "1s", initialDelayString = "${behalf.retention.first:1m}")
  void run() {
    if (!running.tryLock()) {
      return;
    }
    try {
      long until = System.nanoTime() + SHARE.toNanos();
      while (!clock.instant().isBefore(nextWalk) && System.nanoTime() < until) {
        place = next();
      }
    } finally {
      running.unlock();
    }
  }

  /** Deletes the next piece, and returns where the walk goes on. */
  private Place next() {
    var environment = place.environment();
    var last = lastOfNext(place.after());
    if (last == null) {
      if (environment == Environment.TEST) {
        return Place.of(Environment.LIVE, FIRST);
      }
      nextWalk = clock.instant().plus(settings.every());
      return Place.START;
    }
    var horizons = HORIZONS.replace("${environment}", environment.wire());
    var days = settings.days(environment);
    try {
      if (place.isStart()
          && batches.delete(environment, horizons, days, place.after(), last, BATCHES) == BATCHES) {
        return place;
      }
      var piece =
          Objects.requireNonNull(transaction.execute(status -> delete(horizons, days, last)));
      if (piece.deleted() > 0) {
        events.publishEvent(new JobEvent.Deleted(environment, piece.deleted()));
      }
      return piece.found().size() < JOBS
          ? Place.of(environment, last)
          : place.at(piece.found().getLast());
    } catch (RuntimeException failed) {
      // What fails is tried again by the next walk; it holds up nobody behind it.
      place = Place.of(environment, last);
      throw failed;
    }
  }

  private @Nullable UUID lastOfNext(UUID after) {
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

  private Piece delete(String horizons, int days, UUID last) {
    var environment = place.environment();
    var old =
        database
            .sql(OLD.replace("${horizons}", horizons).replace("${environment}", environment.wire()))
            .param("days", days)
            .param("user", place.user())
            .param("job", place.job())
            .param("last", last)
            .param("most", JOBS)
            .query(
                (row, index) ->
                    new Old(
                        row.getObject("user_id", UUID.class),
                        row.getObject("id", UUID.class),
                        Timestamps.instant(row, "horizon"),
                        row.getBoolean("is_locked")))
            .list();
    var locked = old.stream().filter(Old::isLocked).toList();
    int deleted =
        locked.isEmpty()
            ? 0
            : database
                .sql("select jobs.delete_ended(?, ?::uuid[], ?::uuid[], ?::timestamptz[])")
                .params(
                    environment.wire(),
                    ids(locked.stream().map(Old::userId).toList()),
                    ids(locked.stream().map(Old::id).toList()),
                    locked.stream().map(one -> one.horizon().toString()).toArray(String[]::new))
                .query(Integer.class)
                .single();
    return new Piece(old, deleted);
  }

  private static String[] ids(List<UUID> ids) {
    return ids.stream().map(UUID::toString).toArray(String[]::new);
  }
}
