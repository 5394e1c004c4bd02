package dev.behalf.web.work.bulk;

import dev.behalf.contract.Environment;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.problem.Problems;
import dev.behalf.web.site.UuidV7;
import dev.behalf.web.work.bulk.BulkAction.Action;
import dev.behalf.web.work.jobs.Cancellations;
import dev.behalf.web.work.jobs.Estimate;
import dev.behalf.web.work.jobs.Job;
import dev.behalf.web.work.jobs.JobQuery;
import dev.behalf.web.work.jobs.Jobs;
import dev.behalf.web.work.jobs.Retries;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Goes through the jobs in pieces. A piece that is done and was not noted, because the process was
 * killed in between, is done again: a job is retried once and cancelled once all the same.
 */
@Component
class BulkActions {

  /** Beyond that the count is "more than". */
  static final int COUNT_TO = 100_000;

  private static final int PIECE = 100;
  private static final int PIECES_OF_A_TURN = 10;

  /** Jobs of which the units are added up for the preview. */
  private static final int SAMPLE = 1_000;

  private final JdbcClient database;
  private final Jobs jobs;
  private final Retries retries;
  private final Cancellations cancellations;
  private final InstantSource clock;

  BulkActions(
      JdbcClient database,
      Jobs jobs,
      Retries retries,
      Cancellations cancellations,
      InstantSource clock) {
    this.database = database;
    this.jobs = jobs;
    this.retries = retries;
    this.cancellations = cancellations;
    this.clock = clock;
  }

  /**
   * What it would do.
   *
   * @param isMore there are more than were counted
   * @param units about what it would cost: from a sample of the newest
   */
  record Preview(int count, boolean isMore, long units) {}

  Preview preview(UUID userId, Environment environment, Action action, String query) {
    var which = JobQuery.parse(action.within(query), clock.instant());
    var count = jobs.count(userId, environment, which, COUNT_TO);
    var sample =
        action == Action.RETRY
            ? jobs.list(userId, environment, which, null, SAMPLE).jobs()
            : List.<Job>of();
    var units = sample.stream().mapToLong(job -> Estimate.units(job.payload())).sum();
    return new Preview(
        Math.min(count, COUNT_TO),
        count > COUNT_TO,
        sample.isEmpty() ? 0 : units * Math.min(count, COUNT_TO) / sample.size());
  }

  /** Begins; "ago" in the query is counted from now. */
  UUID begin(UUID userId, Environment environment, Action action, String query) {
    var now = clock.instant();
    var which = JobQuery.parse(action.within(query), now).fixed(now);
    var id = UuidV7.at(now);
    database
        .sql(
            """
            insert into jobs.sweeps (user_id, id, environment, action, query, matched, before, created_at)
            values (?, ?, ?, ?, ?, ?, ?, now())
            """)
        .params(
            userId,
            id,
            environment.wire(),
            action.wire(),
            which.text(),
            Math.min(jobs.count(userId, environment, which, COUNT_TO), COUNT_TO),
            // What it queues itself is younger, and not meant.
            id)
        .update();
    return id;
  }

  Optional<BulkAction> find(UUID userId, UUID id) {
    return database
        .sql("select * from jobs.sweeps where user_id = ? and id = ?")
        .params(userId, id)
        .query(BulkActions::read)
        .optional();
  }

  /** Any replica goes on with any of them, a few pieces each, so that a large one holds up none. */
  @Scheduled(fixedDelayString = "500ms")
  void goOn() {
    for (int i = 0; i < PIECES_OF_A_TURN; i++) {
      var next = next();
      if (next.isEmpty()) {
        return;
      }
      stepOrEnd(next.get());
    }
  }

  /** One that cannot go on ends, and says so: it must not stand before all the others. */
  private void stepOrEnd(BulkAction bulk) {
    try {
      step(bulk);
    } catch (RuntimeException failed) {
      if (Problems.isTransient(failed)) {
        throw failed;
      }
      database
          .sql(
              """
              update jobs.sweeps set finished_at = now(), fault = ?
              where user_id = ? and id = ? and finished_at is null
              """)
          .params(fault(failed), bulk.userId(), bulk.id())
          .update();
    }
  }

  /** What its owner may know. */
  private static String fault(RuntimeException failed) {
    return failed instanceof Problem problem ? problem.detail() : Problems.internal().detail();
  }

  /** The one that has done least. */
  private Optional<BulkAction> next() {
    return database
        .sql("select * from jobs.sweeps where finished_at is null order by done + skipped limit 1")
        .query(BulkActions::read)
        .optional();
  }

  /** Two replicas may do the same piece; it counts once. */
  private void step(BulkAction bulk) {
    var which = JobQuery.parse(bulk.query(), clock.instant());
    var piece = jobs.ids(bulk.userId(), bulk.environment(), which, bulk.before(), PIECE);
    int done = 0;
    for (var id : piece) {
      done += isDone(bulk, id) ? 1 : 0;
    }
    database
        .sql(
            """
            update jobs.sweeps set done = done + :done, skipped = skipped + :skipped, before = :before,
                                   finished_at = case when :last then now() end
            where user_id = :user and id = :id and before = :from
            """)
        .param("from", bulk.before())
        .param("done", done)
        .param("skipped", piece.size() - done)
        .param("before", piece.isEmpty() ? bulk.before() : piece.getLast())
        .param("last", piece.size() < PIECE)
        .param("user", bulk.userId())
        .param("id", bulk.id())
        .update();
  }

  private boolean isDone(BulkAction bulk, UUID job) {
    try {
      switch (bulk.action()) {
        case RETRY -> retries.again(bulk.userId(), job, null);
        case CANCEL -> cancellations.cancel(bulk.userId(), job);
      }
      return true;
    } catch (Problem refused) {
      if (!isAboutOneJob(refused.code())) {
        throw refused;
      }
      return false;
    }
  }

  /** The others would be refused as well; the action must not skip all of them in silence. */
  private static boolean isAboutOneJob(ProblemCode code) {
    return switch (code) {
      case NOT_FOUND, JOB_ENDED, JOB_NOT_FAILED -> true;
      // A rule for payloads that is younger than the job.
      default -> code.status() == 413 || code.status() == 422;
    };
  }

  private static BulkAction read(ResultSet row, int index) throws SQLException {
    return new BulkAction(
        row.getObject("user_id", UUID.class),
        row.getObject("id", UUID.class),
        Environment.of(row.getString("environment")),
        Action.of(row.getString("action")).orElseThrow(),
        row.getString("query"),
        row.getInt("matched"),
        row.getObject("before", UUID.class),
        row.getInt("done"),
        row.getInt("skipped"),
        row.getObject("finished_at") != null,
        row.getString("fault"));
  }
}
