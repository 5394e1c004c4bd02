package dev.behalf.web.work.batches;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobState;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.site.UuidV7;
import dev.behalf.web.work.jobs.Submissions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Stores batches with their jobs, and reads their progress and their outcomes. */
@Component
class Batches {

  /** Faults of a file after which no more are stored, so that a broken file fills no table. */
  private static final int MOST_FAULTS = 1_000;

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final Submissions submissions;
  private final InstantSource clock;

  Batches(
      JdbcClient database,
      TransactionTemplate transaction,
      Submissions submissions,
      InstantSource clock) {
    this.database = database;
    this.transaction = transaction;
    this.submissions = submissions;
    this.clock = clock;
  }

  /**
   * A batch that is being read, from its beginning or, under an idempotency key, from where an
   * earlier request left off.
   *
   * @param readTo number of the last line stored; 0 for none
   * @param digest digest of the lines up to there; null for none
   */
  record Begun(UUID id, int readTo, byte @Nullable [] digest, boolean isComplete) {}

  /**
   * Stores a batch without lines, or finds the one with the same idempotency key.
   *
   * @param heading names of the columns; empty for JSON lines
   * @throws Problem if that one is of another environment or format
   */
  Begun begin(NewBatch asked, List<String> heading) {
    var id = UuidV7.at(clock.instant());
    database
        .sql(
            """
            insert into jobs.batches (user_id, id, environment, name, format, idempotency_key, heading, created_at)
            values (:user, :id, :environment, :name, :format, :key, :heading, now())
            on conflict (user_id, idempotency_key) where idempotency_key is not null do nothing
            """)
        .param("user", asked.caller().userId())
        .param("id", id)
        .param("environment", asked.environment().wire())
        .param("name", asked.name())
        .param("format", asked.format().wire())
        .param("key", asked.idempotencyKey())
        .param("heading", heading.isEmpty() ? null : StrictJson.text(heading))
        .update();
    return database
        .sql(
            """
            select id, read_to, digest, complete from jobs.batches
            where user_id = :user and (id = :id or idempotency_key = :key)
              and environment = :environment and format = :format
            """)
        .param("user", asked.caller().userId())
        .param("id", id)
        .param("key", asked.idempotencyKey())
        .param("environment", asked.environment().wire())
        .param("format", asked.format().wire())
        .query(
            (row, index) ->
                new Begun(
                    row.getObject("id", UUID.class),
                    row.getInt("read_to"),
                    row.getBytes("digest"),
                    row.getBoolean("complete")))
        .optional()
        .orElseThrow(ReadingPlace::otherFile);
  }

  /**
   * Stores some lines together with the place up to which the file is read.
   *
   * @param isLast whether the file ends there
   * @throws Problem if another request has stored lines of the same file meanwhile
   */
  void store(NewBatch asked, UUID id, Piece piece, ReadingPlace place, boolean isLast) {
    transaction.executeWithoutResult(status -> write(asked, id, piece, place, isLast));
    place.store();
    submissions.queued(asked.environment(), piece.jobs().size());
  }

  /**
   * Returns how many batches of a user have been read and have open jobs, counted up to a number.
   */
  int open(UUID userId, int most) {
    return database
        .sql(
            """
            select count(*)::int from (
              select from jobs.batches where user_id = ? and complete and completed_at is null limit ?) open
            """)
        .params(userId, most)
        .query(Integer.class)
        .single();
  }

  Optional<Batch> find(UUID userId, UUID id) {
    return database
        .sql("select * from jobs.batches where user_id = ? and id = ?")
        .params(userId, id)
        .query(Batches::batch)
        .optional();
  }

  /**
   * Returns batches, the newest first.
   *
   * @param environment the only environment to list; null for both
   * @param before id of the last batch on the previous page; null for the first page
   */
  List<Batch> list(
      UUID userId, @Nullable Environment environment, @Nullable UUID before, int most) {
    return database
        .sql(
            """
            select * from jobs.batches
            where user_id = :user and (:environment::text is null or environment = :environment)
              and (:before::uuid is null or id < :before)
            order by id desc limit :most
            """)
        .param("user", userId)
        .param("environment", environment == null ? null : environment.wire())
        .param("before", before)
        .param("most", most)
        .query(Batches::batch)
        .list();
  }

  Batch.Progress progress(UUID userId, UUID id) {
    record Count(JobState state, int jobs) {}
    return new Batch.Progress(
        database
            .sql(
                """
                select state, count(*) as jobs from jobs.jobs
                where user_id = ? and batch_id = ? group by state
                """)
            .params(userId, id)
            .query(
                (row, index) -> new Count(JobState.of(row.getString("state")), row.getInt("jobs")))
            .list()
            .stream()
            .collect(Collectors.toMap(Count::state, Count::jobs)));
  }

  List<Batch.InvalidLine> faults(UUID userId, UUID id, int most) {
    return database
        .sql(
            """
            select line, fault from jobs.batch_faults
            where user_id = ? and batch_id = ? order by line limit ?
            """)
        .params(userId, id, most)
        .query((row, index) -> new Batch.InvalidLine(row.getInt("line"), row.getString("fault")))
        .list();
  }

  /** Returns the batch that was made under an idempotency key. */
  Optional<UUID> byKey(UUID userId, String idempotencyKey) {
    return database
        .sql("select id from jobs.batches where user_id = ? and idempotency_key = ?")
        .params(userId, idempotencyKey)
        .query((row, index) -> row.getObject("id", UUID.class))
        .optional();
  }

  private void write(NewBatch asked, UUID id, Piece piece, ReadingPlace place, boolean isLast) {
    var userId = asked.caller().userId();
    // First, as it locks the batch: two requests that read the same file take turns.
    var updated =
        database
            .sql(
                """
                update jobs.batches
                set lines = lines + :lines, queued = queued + :queued, read_to = :to, digest = :digest, complete = :complete,
                    retention_hours = least(retention_hours, :retention)
                where user_id = :user and id = :id and read_to = :from and not complete
                """)
            .param("lines", piece.size())
            .param("queued", piece.jobs().size())
            .param("to", Math.max(place.line(), place.stored()))
            .param("digest", place.digest())
            .param("complete", isLast)
            .param("retention", shortestRetention(piece.jobs()))
            .param("user", userId)
            .param("id", id)
            .param("from", place.stored())
            .update();
    if (updated == 0 && asked.idempotencyKey() == null) {
      // Nobody else can have the batch: the account was deleted meanwhile.
      throw Problem.notFound();
    }
    if (updated == 0) {
      throw new Problem(
              ProblemCode.UPLOAD_IN_PROGRESS,
              "Send the file again in a few seconds, under the same Idempotency-Key.")
          .with("Retry-After", "2");
    }
    submissions.storeAll(
        new Submissions.Common(
            userId,
            asked.environment(),
            asked.caller().keyId(),
            asked.caller().actor().credential(),
            asked.annotations(),
            id),
        piece.jobs());
    if (!piece.rows().isEmpty()) {
      database
          .sql("insert into jobs.batch_rows (user_id, batch_id, line, rows) values (?, ?, ?, ?)")
          .params(userId, id, piece.lastLine(), StrictJson.text(piece.rows()))
          .update();
    }
    database
        .sql(
            """
            insert into jobs.batch_faults (user_id, batch_id, line, fault, words)
            select :user, :batch, line, fault, words
            from unnest(:lines::integer[], :faults::text[], :words::text[]) as f (line, fault, words)
            where (select lines - queued from jobs.batches where user_id = :user and id = :batch) - :new < :most
            """)
        .param("user", userId)
        .param("batch", id)
        .param("lines", piece.faults().stream().mapToInt(Lines.Invalid::number).toArray())
        .param(
            "faults",
            piece.faults().stream().map(one -> one.fault().sentence()).toArray(String[]::new))
        .param(
            "words",
            piece.faults().stream()
                .map(one -> StrictJson.text(one.fault().words()))
                .toArray(String[]::new))
        .param("new", piece.faults().size())
        .param("most", MOST_FAULTS)
        .update();
  }

  private static @Nullable Integer shortestRetention(List<Submissions.Line> jobs) {
    return jobs.stream()
        .map(job -> job.operation().definition().retentionHours())
        .filter(Objects::nonNull)
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  private static Batch batch(ResultSet row, int index) throws SQLException {
    return new Batch(
        row.getObject("id", UUID.class),
        Environment.of(row.getString("environment")),
        row.getString("name"),
        Batch.Format.of(row.getString("format")),
        row.getInt("lines"),
        row.getInt("queued"),
        row.getBoolean("complete"),
        Timestamps.instant(row, "created_at"),
        Timestamps.instantOrNull(row, "completed_at"));
  }
}
