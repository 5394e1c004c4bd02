package dev.behalf.web.work.retention;

import dev.behalf.contract.Environment;
import dev.behalf.web.work.batches.OldBatches;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Deletes the batches and jobs of one environment that are older than their user keeps them. It
 * goes through all users and reads each old job once: ids grow with time, so that a user's oldest
 * jobs come first.
 */
class WalkByUser implements Walk {

  private static final int USERS = 1_000;
  private static final int BATCHES = 20;

  private static final UUID FIRST = new UUID(0, 0);

  /** The time before which the jobs of each user are old; null for a user who keeps them. */
  private static final String HORIZONS =
      """
      select u.id as user_id, now() - make_interval(days => least(nullif(:days, 0), r.days)) as horizon
      from accounts.users u
      left join jobs.retention r on r.user_id = u.id and r.environment = '${environment}'
      """;

  /**
   * The id of a horizon is the least UUIDv7 of its millisecond. The users are sorted first, so that
   * the statement ends with the user whose jobs fill the piece. The environment is a literal, so
   * that the planner can use the index of test jobs.
   */
  private static final String OLD =
      """
      select j.user_id, j.id, '${environment}' as environment, j.finished_at, u.horizon
      from (select * from (${horizons}) h where h.user_id >= :user and h.user_id <= :last order by h.user_id) u
      cross join lateral (
        select j.user_id, j.id, j.finished_at from jobs.jobs j
        where j.user_id = u.user_id and j.environment = '${environment}' and j.finished_at < u.horizon
          and j.id > case when u.user_id = :user then :job else '00000000-0000-0000-0000-000000000000'::uuid end
          and j.id < (lpad(to_hex(floor(extract(epoch from u.horizon) * 1000)::bigint), 12, '0')
                      || '70008000000000000000')::uuid
          and ${without_batch}
        order by j.id limit :most) j
      order by u.user_id, j.id limit :most
      """;

  private final JdbcClient database;
  private final OldJobs jobs;
  private final OldBatches batches;
  private final Environment environment;
  private final int days;
  private final String horizons;
  private final String old;
  private Place place = Place.after(FIRST);

  WalkByUser(
      JdbcClient database, OldJobs jobs, OldBatches batches, Environment environment, int days) {
    this.database = database;
    this.jobs = jobs;
    this.batches = batches;
    this.environment = environment;
    this.days = days;
    this.horizons = HORIZONS.replace("${environment}", environment.wire());
    this.old =
        OLD.replace("${horizons}", horizons)
            .replace("${environment}", environment.wire())
            .replace("${without_batch}", OldJobs.WITHOUT_BATCH);
  }

  /**
   * Where the walk is.
   *
   * @param after the users up to here are done
   * @param user user of the last job that was found behind {@code after}
   */
  private record Place(UUID after, UUID user, UUID job) {

    static Place after(UUID after) {
      return new Place(after, after, new UUID(-1, -1));
    }

    boolean isStart() {
      return user.equals(after);
    }
  }

  @Override
  public boolean step() {
    var last = lastOfNext(place.after());
    if (last == null) {
      place = Place.after(FIRST);
      return true;
    }
    var from = place;
    place = Place.after(last);
    if (from.isStart()
        && batches.delete(environment, horizons, days, from.after(), last, BATCHES) == BATCHES) {
      place = from;
      return false;
    }
    var found =
        jobs.find(
            old,
            Map.of(
                "days",
                days,
                "user",
                from.user(),
                "job",
                from.job(),
                "last",
                last,
                "most",
                OldJobs.MOST));
    if (found.size() == OldJobs.MOST) {
      place = new Place(from.after(), found.getLast().userId(), found.getLast().id());
    }
    jobs.delete(found);
    return false;
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
}
