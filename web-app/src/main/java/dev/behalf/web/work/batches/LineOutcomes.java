package dev.behalf.web.work.batches;

import dev.behalf.contract.StrictJson;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads the outcome of each line of a batch, and the rows of its file. */
@Component
class LineOutcomes {

  /** Bytes of payloads and results to hold in memory at once. */
  private static final int MOST_BYTES = 4 * 1024 * 1024;

  private final JdbcClient database;

  LineOutcomes(JdbcClient database) {
    this.database = database;
  }

  /** Returns the names of a CSV file's columns; empty if they are not stored. */
  List<String> heading(UUID userId, UUID id) {
    return database
        .sql(
            "select heading from jobs.batches where user_id = ? and id = ? and heading is not null")
        .params(userId, id)
        .query(String.class)
        .optional()
        .map(json -> List.of(StrictJson.MAPPER.readValue(json, String[].class)))
        .orElse(List.of());
  }

  /** Returns some rows of a CSV file after {@code behindLine}, as they were sent. */
  List<Piece.Row> rows(UUID userId, UUID id, int behindLine) {
    return database
        .sql(
            """
            select rows from jobs.batch_rows
            where user_id = ? and batch_id = ? and line > ? order by line limit 1
            """)
        .params(userId, id, behindLine)
        .query(String.class)
        .optional()
        .map(json -> List.of(StrictJson.MAPPER.readValue(json, Piece.Row[].class)))
        .orElse(List.of());
  }

  /**
   * A line that is not a job, or whose job did not succeed.
   *
   * @param jobId its job; null for an invalid line
   * @param state state of the job, or {@code invalid}
   * @param detail what is wrong, in English
   * @param words the detail of an invalid line in the reader's language; null if it has only the
   *     detail
   */
  record Unsuccessful(
      int line,
      @Nullable UUID jobId,
      String state,
      @Nullable String code,
      @Nullable String detail,
      Fault.@Nullable Words words) {}

  /** Returns the faults of the lines after {@code behindLine}, in the order of the file. */
  List<Unsuccessful> faults(UUID userId, UUID id, int behindLine, int most) {
    return database
        .sql(
            """
            (select batch_line as line, id, state, code, detail, null as words from jobs.jobs
             where user_id = :user and batch_id = :batch and batch_line > :behind and state in ('failed', 'cancelled')
             order by batch_line limit :most)
            union all
            (select line, null, 'invalid', null, fault, words from jobs.batch_faults
             where user_id = :user and batch_id = :batch and line > :behind
             order by line limit :most)
            order by line limit :most
            """)
        .param("user", userId)
        .param("batch", id)
        .param("behind", behindLine)
        .param("most", most)
        .query(
            (row, index) ->
                new Unsuccessful(
                    row.getInt("line"),
                    row.getObject("id", UUID.class),
                    row.getString("state"),
                    row.getString("code"),
                    row.getString("detail"),
                    Fault.Words.read(row.getString("words"))))
        .list();
  }

  /**
   * The outcome of a line.
   *
   * @param jobId its job; null for an invalid line
   * @param payload what the job asks for, as JSON; null for an invalid line
   * @param state state of the job, or {@code invalid}
   */
  record Outcome(
      int line,
      @Nullable UUID jobId,
      @Nullable String payload,
      String state,
      @Nullable Long units,
      @Nullable String code,
      @Nullable String detail,
      @Nullable String result) {}

  /**
   * Returns the outcomes of the lines after {@code behindLine}, in the order of the file: at most
   * {@code most}, fewer if they are large.
   */
  List<Outcome> read(UUID userId, UUID id, int behindLine, int most) {
    return database
        .sql(
            """
            select * from (
              select found.*, sum(bytes) over (order by line) - bytes as bytes_before
              from (
                (select j.batch_line as line, j.id, j.payload, j.state, j.units, j.code, j.detail, r.result,
                        octet_length(j.payload) + coalesce(octet_length(r.result), 0) as bytes
                 from jobs.jobs j
                 left join compute.results r
                   on r.user_id = j.user_id and r.job_id = j.id and r.environment = j.environment and j.state = 'succeeded'
                 where j.user_id = :user and j.batch_id = :batch and j.batch_line > :behind
                 order by j.batch_line limit :most)
                union all
                (select line, null, null, 'invalid', null, null, fault, null, octet_length(fault)
                 from jobs.batch_faults
                 where user_id = :user and batch_id = :batch and line > :behind
                 order by line limit :most)
                order by line limit :most
              ) found
            ) piece
            where bytes_before < :bytes order by line
            """)
        .param("user", userId)
        .param("batch", id)
        .param("behind", behindLine)
        .param("most", most)
        .param("bytes", MOST_BYTES)
        .query(
            (row, index) ->
                new Outcome(
                    row.getInt("line"),
                    row.getObject("id", UUID.class),
                    row.getString("payload"),
                    row.getString("state"),
                    row.getObject("units", Long.class),
                    row.getString("code"),
                    row.getString("detail"),
                    row.getString("result")))
        .list();
  }
}
