package dev.behalf.web.work.outcomes;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Hop;
import dev.behalf.contract.Hop.Station;
import dev.behalf.contract.JobState;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.work.events.JobChanges;
import dev.behalf.web.work.outcomes.Settlement.Charge;
import dev.behalf.web.work.outcomes.Settlement.Move;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads job rows under a lock, and writes the moves that were decided on. */
@Component
class JobRows {

  private final JdbcClient database;
  private final JobChanges changed;
  private final InstantSource clock;

  JobRows(JdbcClient database, JobChanges changed, InstantSource clock) {
    this.database = database;
    this.changed = changed;
    this.clock = clock;
  }

  record Ref(UUID userId, UUID jobId) {}

  /**
   * A locked job.
   *
   * @param charge the charge of the job; null if it has none
   * @param run the run that decides how the job goes on; null if there is none, or its end is
   *     settled already
   */
  record Row(
      Ref ref,
      Environment environment,
      JobState state,
      int attempt,
      @Nullable String code,
      Instant due,
      @Nullable Instant waitingSince,
      String operation,
      int version,
      @Nullable Charge charge,
      @Nullable RunRow run) {

    Row in(JobState next) {
      return new Row(
          ref,
          environment,
          next,
          attempt,
          code,
          due,
          waitingSince,
          operation,
          version,
          charge,
          run);
    }
  }

  /**
   * A move to write.
   *
   * @param attempt the attempt that the move comes from
   * @param hops the hops that led to it
   * @param runEpoch the epoch of the run whose end it settles; null if it settles none
   */
  record Change(Row row, Move move, int attempt, List<Hop> hops, @Nullable Integer runEpoch) {}

  /**
   * Locks job rows and reads their state under the lock, because the dispatcher may still hold a
   * row and the state after its commit is what counts. Every replica locks in the same order, so
   * two of them cannot deadlock. Charges are visible here: compute-server commits a charge before
   * it answers the worker.
   */
  Map<Ref, Row> lock(Collection<Ref> refs) {
    var rows = new HashMap<Ref, Row>();
    database
        .sql(
            """
            select j.user_id, j.id, j.environment, j.state, j.attempt, j.code, greatest(j.created_at, j.not_before) as due,
                   j.waiting_since, j.operation, j.operation_version, l.units, l.key_id, l.outcome,
                   r.epoch, r.state as run_state, r.attempt as run_attempt, r.started_at, r.ended_at, r.code as run_code,
                   r.detail as run_detail, r.is_final, r.retry_after
            from jobs.jobs j
            left join compute.ledger l on l.user_id = j.user_id and l.job_id = j.id and l.environment = j.environment
            left join compute.runs r on r.user_id = j.user_id and r.job_id = j.id and r.environment = j.environment
              and r.epoch > j.run_epoch
            where (j.user_id, j.id) in (select * from unnest(:users::uuid[], :ids::uuid[]))
            order by j.user_id, j.id for update of j
            """)
        .param("users", refs.stream().map(Ref::userId).toArray(UUID[]::new))
        .param("ids", refs.stream().map(Ref::jobId).toArray(UUID[]::new))
        .query(
            row -> {
              var read = row(row);
              rows.put(read.ref(), read);
            });
    return rows;
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        new Ref(row.getObject("user_id", UUID.class), row.getObject("id", UUID.class)),
        Environment.of(row.getString("environment")),
        JobState.of(row.getString("state")),
        row.getInt("attempt"),
        row.getString("code"),
        Timestamps.instant(row, "due"),
        Timestamps.instantOrNull(row, "waiting_since"),
        row.getString("operation"),
        row.getInt("operation_version"),
        charge(row),
        RunRow.of(row));
  }

  private static @Nullable Charge charge(ResultSet row) throws SQLException {
    var outcome = row.getString("outcome");
    return outcome == null
        ? null
        : new Charge(
            row.getLong("units"),
            row.getString("key_id"),
            outcome.equals(JobState.SUCCEEDED.wire()));
  }

  /** Updates all rows in one statement, without a check of their state: the rows are locked. */
  void update(List<Change> changes) {
    var now = clock.instant();
    database
        .sql(
            """
            update jobs.jobs j
            set state = s.state, units = s.units, key_id = s.key_id,
                attempt = greatest(j.attempt, s.attempt) - case when s.counts then 0 else 1 end,
                code = s.code, detail = s.detail, lease_until = null, run_epoch = coalesce(s.run_epoch, j.run_epoch),
                -- What an engine answers after it has taken a job does not begin the wait for it anew.
                waiting_since = case when s.waits then coalesce(j.waiting_since, now())
                                     when s.state = 'running' then j.waiting_since end,
                -- What was no attempt is no part of the way: of a job that waits for long there would be no end of it.
                hops = case when s.counts then j.hops || s.hops::jsonb
                            when j.state = 'dispatched' then j.hops - (-1)
                            when j.state = 'running' then (
                              select coalesce(jsonb_agg(h.hop order by h.n), '[]')
                              from jsonb_array_elements(j.hops) with ordinality h (hop, n)
                              where h.n < (select max(d.n) from jsonb_array_elements(j.hops) with ordinality d (hop, n)
                                           where d.hop ->> 'station' = 'dispatched'))
                            else j.hops end,
                not_before = now() + make_interval(secs => s.pause), finished_at = case when s.final then now() end
            from unnest(:users::uuid[], :ids::uuid[], :states::text[], :attempts::integer[], :units::bigint[],
                        :keys::text[], :codes::text[], :details::text[], :hops::text[], :pauses::double precision[],
                        :finals::boolean[], :counts::boolean[], :waits::boolean[], :epochs::integer[])
              as s (user_id, id, state, attempt, units, key_id, code, detail, hops, pause, final, counts, waits, run_epoch)
            where j.user_id = s.user_id and j.id = s.id
            """)
        .param("users", changes.stream().map(c -> c.row().ref().userId()).toArray(UUID[]::new))
        .param("ids", changes.stream().map(c -> c.row().ref().jobId()).toArray(UUID[]::new))
        .param("states", texts(changes, c -> c.move().to().wire()))
        .param("attempts", changes.stream().mapToInt(Change::attempt).toArray())
        .param("units", changes.stream().map(c -> c.move().units()).toArray(Long[]::new))
        .param("keys", texts(changes, c -> c.move().keyId()))
        .param("codes", texts(changes, c -> c.move().code()))
        .param("details", texts(changes, c -> c.move().detail()))
        .param("hops", texts(changes, c -> hops(c, now)))
        .param(
            "pauses",
            changes.stream().mapToDouble(c -> c.move().pause().toMillis() / 1e3).toArray())
        .param("counts", flags(changes, c -> c.move().kind() == Move.Kind.ATTEMPT))
        .param("waits", flags(changes, c -> c.move().kind() == Move.Kind.WAIT))
        .param("finals", flags(changes, c -> c.move().to().isFinal()))
        .param("epochs", changes.stream().map(Change::runEpoch).toArray(Integer[]::new))
        .update();
    changed.publish(
        changes.stream()
            .map(
                c ->
                    new JobChanges.Change(
                        c.row().ref().userId(), c.row().ref().jobId(), c.move().to()))
            .toList());
  }

  private static Boolean[] flags(List<Change> changes, Function<Change, Boolean> flag) {
    return changes.stream().map(flag).toArray(Boolean[]::new);
  }

  private static String[] texts(List<Change> changes, Function<Change, @Nullable String> text) {
    return changes.stream().map(text).toArray(String[]::new);
  }

  private static String hops(Change change, Instant now) {
    var hops = new ArrayList<>(change.hops());
    hops.add(
        new Hop(change.move().to() == JobState.RUNNING ? Station.STARTED : Station.SETTLED, now));
    return StrictJson.text(hops);
  }
}
