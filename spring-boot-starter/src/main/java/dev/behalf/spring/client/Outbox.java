package dev.behalf.spring.client;

import dev.behalf.client.BehalfClient;
import dev.behalf.client.JobRequest;
import dev.behalf.client.ProblemException;
import dev.behalf.client.Submitted;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Requests that wait in the table {@code behalf_outbox} until the server has accepted them. A row
 * may be sent twice, by two processes or after one has died: its idempotency key makes it one job.
 */
class Outbox {

  /** Longer than the client usually retries, so that nobody else sends a row meanwhile. */
  private static final Duration LEASE = Duration.ofMinutes(2);

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
  private static final int MOST_DOUBLED = 10;
  private static final int MAX_REFUSAL = 1_000;
  private static final int ROUND = 100;

  private final JdbcClient database;
  private final InstantSource clock;
  private final Duration pause;

  Outbox(JdbcClient database, InstantSource clock, Duration pause) {
    this.database = database;
    this.clock = clock;
    this.pause = pause;
  }

  /**
   * A row.
   *
   * @param attempts how often it has been sent, this time included
   */
  record Row(String id, Submission submission, int attempts) {}

  /** A row as it is stored. */
  private record Due(
      String id, @Nullable String externalId, String request, int attempts, long next) {}

  /** Writes a request in the current transaction, for its own process to send after the commit. */
  Row keep(Submission submission) {
    var row = new Row(UUID.randomUUID().toString(), submission, 1);
    database
        .sql(
            """
            insert into behalf_outbox (id, external_id, request, attempts, created_at, next_at)
            values (:id, :externalId, :request, 1, :now, :next)
            """)
        .param("id", row.id())
        .param("externalId", submission.externalId())
        .param("request", submission.request().toJson())
        .param("now", clock.millis())
        .param("next", clock.millis() + LEASE.toMillis())
        .update();
    return row;
  }

  /**
   * Sends a request, and removes the row once the server has accepted it. One that the server
   * refuses stays, with the reason, and is not sent again.
   */
  Submitted send(Row row, BehalfClient client) {
    try {
      var submitted = row.submission().send(client);
      database.sql("delete from behalf_outbox where id = ?").param(row.id()).update();
      return submitted;
    } catch (ProblemException refusal) {
      if (refusal.isTemporary()) {
        again(row);
      } else {
        refuse(row.id(), refusal.code() + ": " + refusal.detail());
      }
      throw refusal;
    } catch (RuntimeException unknown) {
      again(row);
      throw unknown;
    }
  }

  /** Leases rows that are due, the longest first. */
  List<Row> due() {
    return database
        .sql(
            """
            select id, external_id, request, attempts, next_at from behalf_outbox
            where refusal is null and next_at <= ? order by next_at
            """)
        .param(clock.millis())
        .withMaxRows(ROUND)
        .query(
            (row, index) ->
                new Due(
                    row.getString("id"),
                    row.getString("external_id"),
                    row.getString("request"),
                    row.getInt("attempts"),
                    row.getLong("next_at")))
        .list()
        .stream()
        .filter(due -> lease(due.id(), due.next()))
        .flatMap(this::row)
        .toList();
  }

  /** Returns the row, or none if nobody can read it: it is refused, and stops no other row. */
  private Stream<Row> row(Due due) {
    try {
      var submission = new Submission(due.externalId(), JobRequest.fromJson(due.request()));
      return Stream.of(new Row(due.id(), submission, due.attempts() + 1));
    } catch (IllegalArgumentException unreadable) {
      refuse(due.id(), String.valueOf(unreadable.getMessage()));
      return Stream.empty();
    }
  }

  /** Returns whether this process was the first to take the row. */
  private boolean lease(String id, long next) {
    return database
            .sql(
                """
                update behalf_outbox set attempts = attempts + 1, next_at = :lease
                where id = :id and next_at = :next
                """)
            .param("lease", clock.millis() + LEASE.toMillis())
            .param("id", id)
            .param("next", next)
            .update()
        == 1;
  }

  private void again(Row row) {
    var doubled = pause.multipliedBy(1L << Math.min(row.attempts() - 1, MOST_DOUBLED));
    var next = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    database
        .sql("update behalf_outbox set next_at = :next where id = :id")
        .param("next", clock.millis() + next.toMillis())
        .param("id", row.id())
        .update();
  }

  private void refuse(String id, String reason) {
    database
        .sql("update behalf_outbox set refusal = :reason where id = :id")
        .param("reason", reason.substring(0, Math.min(reason.length(), MAX_REFUSAL)))
        .param("id", id)
        .update();
  }
}
