package dev.behalf.web.work.batches;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobState;
import dev.behalf.server.operations.Operation;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.site.UuidV7;
import dev.behalf.web.site.audit.Actor;
import dev.behalf.web.work.jobs.Submissions;
import dev.behalf.web.work.operations.Operations;
import java.io.IOException;
import java.io.Reader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Turns the lines of a file into jobs, one piece of the file per transaction. If the sender
 * disconnects, the jobs stored so far still run, and the batch stays incomplete.
 */
@Component
class Batches {

  /** Lines per transaction; a transaction also ends at {@link #PIECE_BYTES} of payloads. */
  private static final int PIECE = 500;

  private static final int PIECE_BYTES = 4 * 1024 * 1024;

  /** Bytes of results to hold in memory at once. */
  private static final int OUTCOMES_BYTES = 4 * 1024 * 1024;

  /** Most lines of one file; a longer file must be split. */
  static final int MOST_LINES = 100_000;

  /** Faults of a file after which no more are stored, so that a broken file fills no table. */
  private static final int MOST_FAULTS = 1_000;

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final Submissions submissions;
  private final Operations operations;
  private final InstantSource clock;

  Batches(
      JdbcClient database,
      TransactionTemplate transaction,
      Submissions submissions,
      Operations operations,
      InstantSource clock) {
    this.database = database;
    this.transaction = transaction;
    this.submissions = submissions;
    this.operations = operations;
    this.clock = clock;
  }

  /**
   * Reads a file and queues its jobs.
   *
   * @throws Lines.Unreadable if the file as a whole is unreadable; then no batch is created
   */
  UUID take(UUID userId, Environment environment, String name, Batch.Format format, Reader file)
      throws IOException {
    var offered =
        operations.of(userId).stream()
            .collect(Collectors.toMap(Operation::name, Function.identity()));
    var lines = Lines.of(format, file, operation -> Optional.ofNullable(offered.get(operation)));
    var id = UuidV7.at(clock.instant());
    begin(userId, id, environment, name, format);
    int read = 0;
    int bytes = 0;
    var piece = new ArrayList<Submissions.Line>();
    var faults = new ArrayList<Batch.InvalidLine>();
    for (var next = lines.next(); next.isPresent(); next = lines.next()) {
      var line = next.get();
      if (read++ == MOST_LINES) {
        faults.add(
            new Batch.InvalidLine(
                line.number(),
                "A file has %,d jobs at most: nothing from here on was read."
                    .formatted(MOST_LINES)));
        break;
      }
      switch (line) {
        case Lines.Valid wanted -> {
          var one = Submissions.Line.of(wanted.number(), wanted.operation(), wanted.payload());
          piece.add(one);
          bytes += one.json().text().getBytes(UTF_8).length;
        }
        case Lines.Invalid broken ->
            faults.add(new Batch.InvalidLine(broken.number(), broken.fault()));
      }
      if (piece.size() + faults.size() == PIECE || bytes > PIECE_BYTES) {
        store(userId, id, environment, piece, faults);
        piece.clear();
        faults.clear();
        bytes = 0;
      }
    }
    store(userId, id, environment, piece, faults);
    database
        .sql("update jobs.batches set complete = true where user_id = ? and id = ?")
        .params(userId, id)
        .update();
    return id;
  }

  Optional<Batch> find(UUID userId, UUID id) {
    return database
        .sql("select * from jobs.batches where user_id = ? and id = ?")
        .params(userId, id)
        .query(Batches::batch)
        .optional();
  }

  /** Returns the newest batches, the newest first. */
  List<Batch> list(UUID userId, Environment environment, int most) {
    return database
        .sql(
            "select * from jobs.batches where user_id = ? and environment = ? order by id desc limit ?")
        .params(userId, environment.wire(), most)
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

  /** The outcome of a line. */
  record Outcome(
      int line,
      UUID jobId,
      String state,
      @Nullable Long units,
      @Nullable String code,
      @Nullable String result) {}

  /**
   * Returns the outcomes of the lines after {@code behindLine}, in the order of the file: at most
   * {@code most}, fewer if they are large.
   */
  List<Outcome> outcomes(UUID userId, UUID id, int behindLine, int most) {
    return database
        .sql(
            """
            select * from (
              select found.*, sum(bytes) over (order by batch_line) - bytes as bytes_before
              from (
                select j.batch_line, j.id, j.state, j.units, j.code, r.result,
                       coalesce(octet_length(r.result), 0) as bytes
                from jobs.jobs j
                left join compute.results r on r.user_id = j.user_id and r.job_id = j.id and r.environment = j.environment
                  and j.state = 'succeeded'
                where j.user_id = ? and j.batch_id = ? and j.batch_line > ? order by j.batch_line limit ?
              ) found
            ) piece
            where bytes_before < ? order by batch_line
            """)
        .params(userId, id, behindLine, most, OUTCOMES_BYTES)
        .query(
            (row, index) ->
                new Outcome(
                    row.getInt("batch_line"),
                    row.getObject("id", UUID.class),
                    row.getString("state"),
                    row.getObject("units", Long.class),
                    row.getString("code"),
                    row.getString("result")))
        .list();
  }

  private void begin(
      UUID userId, UUID id, Environment environment, String name, Batch.Format format) {
    database
        .sql(
            """
            insert into jobs.batches (user_id, id, environment, name, format, created_at)
            values (?, ?, ?, ?, ?, now())
            """)
        .params(userId, id, environment.wire(), name, format.wire())
        .update();
  }

  private void store(
      UUID userId,
      UUID id,
      Environment environment,
      List<Submissions.Line> piece,
      List<Batch.InvalidLine> faults) {
    transaction.executeWithoutResult(
        status -> {
          submissions.storeAll(userId, environment, Actor.SESSION.credential(), id, piece);
          database
              .sql(
                  """
                  insert into jobs.batch_faults (user_id, batch_id, line, fault)
                  select :user, :batch, line, fault from unnest(:lines::integer[], :faults::text[]) as f (line, fault)
                  where (select lines - queued from jobs.batches where user_id = :user and id = :batch) < :most
                  """)
              .param("user", userId)
              .param("batch", id)
              .param("lines", faults.stream().mapToInt(Batch.InvalidLine::line).toArray())
              .param("faults", faults.stream().map(Batch.InvalidLine::fault).toArray(String[]::new))
              .param("most", MOST_FAULTS)
              .update();
          database
              .sql(
                  """
                  update jobs.batches set lines = lines + ?, queued = queued + ?
                  where user_id = ? and id = ?
                  """)
              .params(piece.size() + faults.size(), piece.size(), userId, id)
              .update();
        });
    submissions.queued(environment, piece.size());
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
        Timestamps.instant(row, "created_at"));
  }
}
