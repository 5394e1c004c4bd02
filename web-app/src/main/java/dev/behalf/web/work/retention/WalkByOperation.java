package dev.behalf.web.work.retention;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Deletes the jobs that are older than their operation says. An index has only these jobs, in the
 * order of their ends, by the hours for which they are kept.
 */
class WalkByOperation implements Walk {

  private static final String OLD =
      """
      select j.user_id, j.id, j.environment, j.finished_at, now() - make_interval(hours => :hours) as horizon
      from jobs.jobs j
      where j.retention_hours = :hours and j.finished_at < now() - make_interval(hours => :hours)
        and (j.finished_at, j.user_id, j.id) > (:finished::timestamptz, :user, :job)
        and ${without_batch}
      order by j.finished_at, j.user_id, j.id limit :most
      """
          .replace("${without_batch}", OldJobs.WITHOUT_BATCH);

  private final JdbcClient database;
  private final OldJobs jobs;

  /** The hours of the jobs that the walk goes through; 0 before the first. */
  private int hours;

  /** Where it is among them; null at their end. */
  private @Nullable Place place;

  WalkByOperation(JdbcClient database, OldJobs jobs) {
    this.database = database;
    this.jobs = jobs;
  }

  /** A place behind one job. */
  private record Place(Instant finishedAt, UUID user, UUID job) {
    static final Place START = new Place(Instant.EPOCH, new UUID(0, 0), new UUID(0, 0));
  }

  @Override
  public boolean step() {
    if (place == null) {
      var next = hoursBehind(hours);
      hours = next == null ? 0 : next;
      if (next == null) {
        return true;
      }
      place = Place.START;
    }
    var from = place;
    place = null;
    var found =
        jobs.find(
            OLD,
            Map.of(
                "hours", hours,
                "finished", from.finishedAt().toString(),
                "user", from.user(),
                "job", from.job(),
                "most", OldJobs.MOST));
    if (found.size() == OldJobs.MOST) {
      var last = found.getLast();
      place = new Place(last.finishedAt(), last.userId(), last.id());
    }
    jobs.delete(found);
    return false;
  }

  private @Nullable Integer hoursBehind(int hours) {
    return database
        .sql("select min(retention_hours) from jobs.jobs where retention_hours > ?")
        .param(hours)
        .query(Integer.class)
        .optional()
        .orElse(null);
  }
}
