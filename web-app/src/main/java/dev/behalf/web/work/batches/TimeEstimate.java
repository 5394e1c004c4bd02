package dev.behalf.web.work.batches;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Hop;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.operations.Operation;
import dev.behalf.server.operations.OperationCatalogue;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Estimates how long the jobs of a file will take, from the user's own recent jobs and the queue.
 * Without a recent job of each operation it knows nothing, and says so.
 */
@Component
class TimeEstimate {

  /** The user's latest jobs that are looked at. */
  static final int RECENT = 500;

  /** Most jobs ahead to count. */
  private static final int COUNT_TO = 10_000;

  /** Most other users to count. */
  private static final int USERS_TO = 100;

  private final JdbcClient database;
  private final OperationCatalogue operations;

  TimeEstimate(JdbcClient database, OperationCatalogue operations) {
    this.database = database;
    this.operations = operations;
  }

  /** What is known of the time. */
  sealed interface Estimate {}

  /**
   * An estimate.
   *
   * @param recent number of recent jobs that it is based on
   * @param ahead number of the user's jobs that are queued before, counted up to 10,000
   * @param others number of other users with queued jobs in the same pools, counted up to 100
   */
  record Known(Duration time, int recent, int ahead, int others) implements Estimate {}

  /** None of the user's recent jobs ran this operation. */
  record Unknown(String operation) implements Estimate {}

  /** A job that ran. */
  record Ran(String operation, Instant from, Instant to) {}

  /** Estimates the time of the jobs, whose operations the preview lists. */
  Estimate of(UUID userId, Environment environment, List<Preview.Part> parts) {
    var ran = recent(userId, environment).stream().collect(Collectors.groupingBy(Ran::operation));
    for (var part : parts) {
      if (!ran.containsKey(part.operation())) {
        return new Unknown(part.operation());
      }
    }
    var pools = pools(parts);
    int ahead = ahead(userId, environment, pools);
    int others = others(userId, environment, pools);
    var jobs = parts.stream().mapToInt(Preview.Part::jobs).sum();
    double seconds = parts.stream().mapToDouble(part -> seconds(part, ran)).sum();
    // The jobs ahead are taken to be like those of the file, and the queue to serve all users
    // alike.
    double all = jobs == 0 ? 0 : seconds * (jobs + ahead) / jobs * (1 + others);
    return new Known(
        // The dispatcher alone can take this long.
        Duration.ofMillis(Math.max(1000, Math.round(all * 1000))),
        parts.stream().mapToInt(part -> ran.getOrDefault(part.operation(), List.of()).size()).sum(),
        ahead,
        others);
  }

  private static double seconds(Preview.Part part, Map<String, List<Ran>> ran) {
    var jobs = ran.getOrDefault(part.operation(), List.of());
    return part.jobs() * busy(jobs).toNanos() / 1e9 / jobs.size();
  }

  /** Returns for how long at least one of some jobs was running: many run at the same time. */
  private static Duration busy(List<Ran> jobs) {
    var busy = Duration.ZERO;
    @Nullable Instant until = null;
    for (var job : jobs.stream().sorted(Comparator.comparing(Ran::from)).toList()) {
      var from = until != null && until.isAfter(job.from()) ? until : job.from();
      if (job.to().isAfter(from)) {
        busy = busy.plus(Duration.between(from, job.to()));
        until = job.to();
      }
    }
    return busy;
  }

  private List<Ran> recent(UUID userId, Environment environment) {
    return database
        .sql(
            """
            select operation, hops from (
              select operation, hops, state from jobs.jobs
              where user_id = :user and environment = '%s' order by id desc limit :most
            ) recent where state = 'succeeded'
            """
                .formatted(environment.wire()))
        .param("user", userId)
        .param("most", RECENT)
        .query((row, index) -> ran(row.getString("operation"), row.getString("hops")))
        .list()
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /** Returns when a job ran, in its last attempt. */
  private static Optional<Ran> ran(String operation, String json) {
    @Nullable Instant from = null;
    @Nullable Instant to = null;
    for (var hop : StrictJson.MAPPER.readValue(json, Hop[].class)) {
      switch (hop.station()) {
        case TAKEN -> from = hop.at();
        case ANSWERED, ENDED -> to = hop.at();
        default -> {}
      }
    }
    return from == null || to == null || to.isBefore(from)
        ? Optional.empty()
        : Optional.of(new Ran(operation, from, to));
  }

  private String[] pools(List<Preview.Part> parts) {
    return parts.stream()
        .flatMap(part -> operations.current(part.operation()).stream())
        .map(Operation::definition)
        .map(definition -> definition.pool().name())
        .distinct()
        .toArray(String[]::new);
  }

  private int ahead(UUID userId, Environment environment, String[] pools) {
    return database
        .sql(
            """
            select count(*)::int from (
              select from jobs.jobs
              where environment = :environment and pool = any(:pools::text[]) and user_id = :user
                and state = 'queued' and not_before <= now()
              limit :most) queued
            """)
        .param("environment", environment.wire())
        .param("pools", pools)
        .param("user", userId)
        .param("most", COUNT_TO)
        .query(Integer.class)
        .single();
  }

  /** Counts the other users whose jobs take turns with this user's, in the busiest pool. */
  private int others(UUID userId, Environment environment, String[] pools) {
    return Arrays.stream(pools)
        .mapToInt(pool -> othersIn(userId, environment, pool))
        .max()
        .orElse(0);
  }

  /** Steps from user to user in the index, as the fair queue does. */
  private int othersIn(UUID userId, Environment environment, String pool) {
    return database
        .sql(
            """
            with recursive busy as (
              (select user_id, 1 as found from jobs.jobs
               where environment = :environment and pool = :pool and state = 'queued'
               order by user_id, priority, not_before, id limit 1)
              union all
              select (select j.user_id from jobs.jobs j
                      where j.environment = :environment and j.pool = :pool and j.state = 'queued' and j.user_id > b.user_id
                      order by j.user_id, j.priority, j.not_before, j.id limit 1), b.found + 1
              from busy b where b.user_id is not null and b.found <= :most
            )
            select count(*)::int from busy where user_id <> :user
            """)
        .param("environment", environment.wire())
        .param("pool", pool)
        .param("user", userId)
        .param("most", USERS_TO)
        .query(Integer.class)
        .single();
  }
}
