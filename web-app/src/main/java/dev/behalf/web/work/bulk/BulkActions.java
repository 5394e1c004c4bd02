package dev.behalf.web.work.bulk;

import dev.behalf.contract.Environment;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.problem.Problems;
import dev.behalf.web.site.UuidV7;
import dev.behalf.web.site.audit.Actor;
import dev.behalf.web.work.bulk.BulkAction.Action;
import dev.behalf.web.work.jobs.Cancellations;
import dev.behalf.web.work.jobs.Job;
import dev.behalf.web.work.jobs.JobQuery;
import dev.behalf.web.work.jobs.Jobs;
import dev.behalf.web.work.jobs.Retries;
import dev.behalf.web.work.operations.Estimate;
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
 * Runs bulk actions in pieces of 100 jobs. If the process is killed after a piece and before its
 * progress is stored, the piece runs again; each job is still retried or cancelled only once.
 */
@Component
public class BulkActions {

  /** Most jobs to count; above this, the page shows "more than". */
  static final int COUNT_TO = 100_000;

  private static final int PIECE = 100;
  private static final int PIECES_OF_A_TURN = 10;

  /** Jobs whose units the preview adds up. */
  private static final int SAMPLE = 1_000;

  private final JdbcClient database;
  private final Jobs jobs;
  private final Retries retries;
  private final Cancellations cancellations;
  private final Estimate estimate;
  private final InstantSource clock;

  BulkActions(
      JdbcClient database,
      Jobs jobs,
      Retries retries,
      Cancellations cancellations,
      Estimate estimate,
      InstantSource clock) {
    this.database = database;
    this.jobs = jobs;
    this.retries = retries;
    this.cancellations = cancellations;
    this.estimate = estimate;
    this.clock = clock;
  }

  /**
   * What a bulk action would do.
   *
   * @param isMore whether more jobs match than were counted
   * @param units estimated cost in units, from a sample of the newest jobs
   */
  record Preview(int count, boolean isMore, long units) {}

  Preview preview(UUID userId, Environment environment, Action action, String query) {
    var which = JobQuery.parse(action.within(query), clock.instant());
    var count = jobs.count(userId, environment, which, COUNT_TO);
    var sample =
        action == Action.RETRY
            ? jobs.list(userId, environment, which, null, SAMPLE).jobs()
            : List.<Job>of();
    var units = sample.stream().mapToLong(job -> estimate.units(job.payload())).sum();
    return new Preview(
        Math.min(count, COUNT_TO),
        count > COUNT_TO,
        sample.isEmpty() ? 0 : units * Math.min(count, COUNT_TO) / sample.size());
  }

  /** Cancels the jobs of a batch that are open now; once, however often it is asked meanwhile. */
  public void cancelBatch(UUID userId, Environment environment, UUID batch) {
    var query = "batch:" + batch;
    var isUnderWay =
        database
            .sql(
                """
                select exists (select from jobs.sweeps
                               where user_id = ? and finished_at is null and action = ? and query like ?)
                """)
            .params(userId, Action.CANCEL.wire(), "%" + query + "%")
            .query(Boolean.class)
            .single();
    if (!isUnderWay) {
      begin(userId, environment, Action.CANCEL, query);
    }
  }

  /** Stores a new bulk action; ages in its query, such as 1h, count from now. */
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
            // Leaves out the jobs that the action itself queues: their ids are later.
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

  /**
   * Runs a few pieces of the open bulk actions, in any replica. Each piece goes to the action that
   * has processed the fewest jobs, so a large action does not hold up the others.
   */
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

  /**
   * Runs a piece. An action that cannot continue ends and stores its fault; otherwise it would stay
   * first in line and block the others.
   */
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

  /** Returns the part of a failure that the owner may see. */
  private static String fault(RuntimeException failed) {
    return failed instanceof Problem problem ? problem.detail() : Problems.internal().detail();
  }

  /** Returns the open action that has processed the fewest jobs. */
  private Optional<BulkAction> next() {
    return database
        .sql("select * from jobs.sweeps where finished_at is null order by done + skipped limit 1")
        .query(BulkActions::read)
        .optional();
  }

  /** Runs one piece. If two replicas run the same piece, it counts once. */
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
        case RETRY -> retries.retry(bulk.userId(), job, null, Actor.SESSION.credential());
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

  /**
   * Returns whether a refusal concerns one job only. Any other refusal would also hit the other
   * jobs, and the action must not skip all of them silently.
   */
  private static boolean isAboutOneJob(ProblemCode code) {
    return switch (code) {
      case NOT_FOUND, JOB_ENDED, JOB_NOT_FAILED, NOT_UTF8 -> true;
      // The payload breaks a rule that is newer than the job.
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
