package dev.behalf.web.work.jobs;

import dev.behalf.batch.GroupCommit;
import dev.behalf.contract.Hop;
import dev.behalf.contract.JobState;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.operations.Operation;
import dev.behalf.server.problem.Problems;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.start.WarmUp;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes the rows of new jobs. Jobs that many requests submit at the same time are stored in one
 * commit, which costs about as much as that of a single job.
 */
@Component
class SubmissionRows implements WarmUp, DisposableBean {

  private static final int MIB = 1024 * 1024;
  private static final GroupCommit.Bounds<Row> BOUNDS =
      new GroupCommit.Bounds<>(200, 2_000, 4 * MIB, 32 * MIB, Row::bytes);

  /**
   * How long a commit of many jobs waits for a lock, in ms. One of its users may be under deletion,
   * or one of its idempotency keys in use elsewhere: then each request waits for itself.
   */
  private static final int LOCK_TIMEOUT = 50;

  private static final String INSERT =
      """
      insert into jobs.jobs
        (user_id, id, environment, pool, operation, operation_version, payload, state, priority,
         asked_not_before, not_before, hops, traceparent, idempotency_key, fingerprint, origin_key_id,
         actor, tags, metadata, retry_of, retention_hours, created_at)
      select user_id, id, environment, pool, operation, version, payload, 'queued', priority,
             asked_not_before, greatest(asked_not_before, now()), hops::jsonb, traceparent, key, fingerprint, origin_key,
             actor, tags::text[], metadata::jsonb, retry_of, retention, now()
      from unnest(:users::uuid[], :ids::uuid[], :environments::text[], :pools::text[], :operations::text[],
                  :versions::integer[], :payloads::text[], :priorities::smallint[], :not_before::timestamptz[],
                  :hops::text[], :traceparents::text[], :keys::text[], :fingerprints::bytea[],
                  :origin_keys::text[], :actors::text[], :tags::text[], :metadata::text[], :retry_of::uuid[],
                  :retentions::integer[])
        as n (user_id, id, environment, pool, operation, version, payload, priority, asked_not_before,
              hops, traceparent, key, fingerprint, origin_key, actor, tags, metadata, retry_of, retention)
      on conflict do nothing
      returning id, asked_not_before, not_before, created_at
      """;

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final GroupCommit<Row, Optional<Stored>> groupCommit;
  private final AtomicInteger underWay = new AtomicInteger();

  SubmissionRows(JdbcClient database, TransactionTemplate transaction) {
    this.database = database;
    this.transaction = transaction;
    this.groupCommit = new GroupCommit<>("submissions", BOUNDS, failed -> false, this::storeMany);
  }

  /**
   * A new job.
   *
   * @param payload the payload as it is stored
   * @param fingerprint of the submission, computed in the thread of its request
   * @param traceparent the trace of the request, if any
   */
  record Row(
      UUID userId,
      UUID id,
      Submission submission,
      Operation operation,
      String payload,
      byte[] fingerprint,
      List<Hop> hops,
      @Nullable String traceparent) {

    private static final int OVERHEAD = 2_000;

    /** Returns the memory that the row takes, in bytes: the payload twice, and all else. */
    private int bytes() {
      return 4 * payload.length() + OVERHEAD;
    }

    private Job stored(Stored row) {
      return new Job(
          id,
          submission.environment(),
          submission.payload(),
          operation.version(),
          operation.definition().pool(),
          JobState.QUEUED,
          submission.priority(),
          row.notBefore(),
          row.dueAt(),
          0,
          null,
          null,
          null,
          hops,
          row.createdAt(),
          null,
          null,
          submission.retryOf(),
          submission.originKeyId(),
          submission.annotations(),
          null);
    }
  }

  /** What the database says of a new job: times in its own precision. */
  private record Stored(UUID id, @Nullable Instant notBefore, Instant dueAt, Instant createdAt) {
    private static Stored read(ResultSet row, int index) throws SQLException {
      return new Stored(
          row.getObject("id", UUID.class),
          Timestamps.instantOrNull(row, "asked_not_before"),
          Timestamps.instant(row, "not_before"),
          Timestamps.instant(row, "created_at"));
    }
  }

  /**
   * Returns the job once it is stored, in the caller's transaction if there is one; empty if the
   * user has a job with its idempotency key, or with its id.
   */
  Optional<Job> store(Row row) {
    return storeInOneCommit(row).map(row::stored);
  }

  private Optional<Stored> storeInOneCommit(Row row) {
    if (TransactionSynchronizationManager.isActualTransactionActive()) {
      return insert(List.of(row)).getFirst();
    }
    try {
      // A request that meets no other needs no other thread.
      return underWay.getAndIncrement() == 0 ? storeAlone(row) : groupCommit.add(row).join();
    } catch (RejectedExecutionException tooMany) {
      return storeAlone(row);
    } catch (CompletionException failed) {
      var cause = Objects.requireNonNullElse(failed.getCause(), failed);
      if (cause instanceof ConcurrencyFailureException || !Problems.isTransient(cause)) {
        return storeAlone(row);
      }
      throw cause instanceof RuntimeException unavailable ? unavailable : failed;
    } finally {
      underWay.decrementAndGet();
    }
  }

  private Optional<Stored> storeAlone(Row row) {
    return Objects.requireNonNull(transaction.execute(status -> insert(List.of(row)).getFirst()));
  }

  private List<Optional<Stored>> storeMany(List<Row> rows) {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              database.sql("set local lock_timeout = " + LOCK_TIMEOUT).update();
              return insert(rows);
            }));
  }

  /** Stores no row. */
  @Override
  public void warmUp() {
    storeMany(List.of());
  }

  private List<Optional<Stored>> insert(List<Row> rows) {
    var stored =
        database
            .sql(INSERT)
            .param("users", column(rows, Row::userId, UUID[]::new))
            .param("ids", column(rows, Row::id, UUID[]::new))
            .param("environments", texts(rows, row -> row.submission().environment().wire()))
            .param("pools", texts(rows, row -> row.operation().definition().pool().name()))
            .param("operations", texts(rows, row -> row.operation().name()))
            .param("versions", column(rows, row -> row.operation().version(), Integer[]::new))
            .param("payloads", texts(rows, Row::payload))
            .param(
                "priorities",
                column(rows, row -> row.submission().priority().rank(), Integer[]::new))
            .param("not_before", texts(rows, row -> time(row.submission().notBefore())))
            .param("hops", texts(rows, row -> StrictJson.text(row.hops())))
            .param("traceparents", texts(rows, Row::traceparent))
            .param("keys", texts(rows, row -> row.submission().idempotencyKey()))
            .param("fingerprints", column(rows, Row::fingerprint, byte[][]::new))
            .param("origin_keys", texts(rows, row -> row.submission().originKeyId()))
            .param("actors", texts(rows, row -> row.submission().actor()))
            .param("tags", texts(rows, row -> row.submission().annotations().tagsLiteral()))
            .param("metadata", texts(rows, row -> row.submission().annotations().metadataColumn()))
            .param("retry_of", column(rows, row -> row.submission().retryOf(), UUID[]::new))
            .param(
                "retentions",
                column(rows, row -> row.operation().definition().retentionHours(), Integer[]::new))
            .query(Stored::read)
            .list()
            .stream()
            .collect(Collectors.toMap(Stored::id, Function.identity()));
    return rows.stream().map(row -> Optional.ofNullable(stored.get(row.id()))).toList();
  }

  private static @Nullable String time(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  private static @Nullable String[] texts(List<Row> rows, Function<Row, @Nullable String> value) {
    return rows.stream().map(value).toArray(String[]::new);
  }

  private static <T> T[] column(
      List<Row> rows, Function<Row, ? extends @Nullable T> value, IntFunction<T[]> array) {
    return rows.stream().map(value).toArray(array);
  }

  @Override
  public void destroy() {
    groupCommit.close();
  }
}
