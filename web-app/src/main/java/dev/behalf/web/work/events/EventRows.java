package dev.behalf.web.work.events;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads what engines say, and how jobs end. */
@Component
public class EventRows {

  /** Most events of one watcher in a round. */
  private static final int A_ROUND = 100;

  /** Most bytes of one watcher in a round; the first event is always included. */
  private static final int BYTES_OF_A_ROUND = 64 * 1024;

  /** Most events that a page shows at first. */
  private static final int SHOWN = 400;

  private final JdbcClient database;

  EventRows(JdbcClient database) {
    this.database = database;
  }

  /** What an engine said, as JSON. */
  record Said(long seq, String name, String data) {}

  /**
   * How a job has ended.
   *
   * @param state the final state; null if the job is gone, with its account
   * @param units the units charged; null for none
   */
  record End(@Nullable JobState state, @Nullable Long units, @Nullable String code) {

    static final End GONE = new End(null, null, null);
  }

  Optional<Environment> environment(UUID userId, UUID jobId) {
    return database
        .sql("select environment from jobs.jobs where user_id = ? and id = ?")
        .params(userId, jobId)
        .query((row, index) -> Environment.of(row.getString("environment")))
        .optional();
  }

  /** Returns the ends of those jobs that have ended. */
  Map<UUID, End> ends(Collection<Watch> watches) {
    var ends = new HashMap<UUID, End>();
    watches.forEach(watch -> ends.put(watch.jobId(), End.GONE));
    database
        .sql(
            """
            select id, state, units, code from jobs.jobs
            where (user_id, id) in (select * from unnest(:users::uuid[], :jobs::uuid[]))
            """)
        .param("users", ids(watches, Watch::userId))
        .param("jobs", ids(watches, Watch::jobId))
        .query(
            row -> {
              var state = JobState.of(row.getString("state"));
              var id = row.getObject("id", UUID.class);
              if (state.isFinal()) {
                ends.put(
                    id, new End(state, row.getObject("units", Long.class), row.getString("code")));
              } else {
                ends.remove(id);
              }
            });
    return ends;
  }

  /**
   * What was said after the place of a watch.
   *
   * @param isAll whether there was nothing more
   */
  record Part(List<Said> said, boolean isAll) {

    static final Part NOTHING = new Part(List.of(), true);
  }

  /** Returns what was said after the place of each watch, by the index of the watch. */
  Map<Integer, Part> after(List<Watch> watches) {
    var said = new HashMap<Integer, List<Said>>();
    var isAll = new HashMap<Integer, Boolean>();
    database
        .sql(
            """
            select w.n, e.seq, e.name, e.data, e.found, e.place
            from unnest(:users::uuid[], :jobs::uuid[], :environments::text[], :afters::bigint[])
              with ordinality as w (user_id, job_id, environment, after, n)
            cross join lateral (
              select *, count(*) over () as found from (
                select seq, name, data, row_number() over (order by seq) as place,
                       sum(octet_length(data)) over (order by seq) - octet_length(data) as bytes_before
                from (select seq, name, data from compute.events
                      where user_id = w.user_id and job_id = w.job_id and environment = w.environment and seq > w.after
                      order by seq limit :limit) next) sized) e
            where e.bytes_before < :bytes
            order by w.n, e.seq
            """)
        .param("users", ids(watches, Watch::userId))
        .param("jobs", ids(watches, Watch::jobId))
        .param(
            "environments",
            watches.stream().map(watch -> watch.environment().wire()).toArray(String[]::new))
        .param("afters", watches.stream().mapToLong(Watch::after).toArray())
        .param("limit", A_ROUND)
        .param("bytes", BYTES_OF_A_ROUND)
        .query(
            row -> {
              int n = row.getInt("n") - 1;
              said.computeIfAbsent(n, same -> new ArrayList<>())
                  .add(new Said(row.getLong("seq"), row.getString("name"), row.getString("data")));
              isAll.put(
                  n, row.getInt("found") < A_ROUND && row.getInt("place") == row.getInt("found"));
            });
    var parts = new HashMap<Integer, Part>();
    said.forEach((n, events) -> parts.put(n, new Part(events, isAll.getOrDefault(n, true))));
    return parts;
  }

  /** Returns what the latest run of a job has said, or the last of it. */
  public RunSoFar soFar(UUID userId, UUID jobId, Environment environment) {
    var last =
        database
            .sql(
                """
                select seq, name, data from compute.events e
                where user_id = :user and job_id = :job and environment = :environment
                  and seq >= (select max(seq) / 1000000 * 1000000 from compute.events
                              where user_id = :user and job_id = :job and environment = :environment)
                order by seq desc limit :limit
                """)
            .param("user", userId)
            .param("job", jobId)
            .param("environment", environment.wire())
            .param("limit", SHOWN)
            .query(
                (row, index) ->
                    new Said(row.getLong("seq"), row.getString("name"), row.getString("data")))
            .list();
    return RunSoFar.of(last.reversed(), last.size() < SHOWN);
  }

  private static UUID[] ids(Collection<Watch> watches, Function<Watch, UUID> id) {
    return watches.stream().map(id).toArray(UUID[]::new);
  }
}
