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
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronizationManager;

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

  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

  private final DataSource source;
  private final JdbcClient database;
  private final InstantSource clock;
  private final Duration pause;

  Outbox(DataSource source, InstantSource clock, Duration pause) {
    this.source = source;
    this.database = JdbcClient.create(source);
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

  /**
   * Writes a request in the current transaction, for its own process to send after the commit.
   *
   * @throws IllegalStateException if the transaction is one of another database, or is over: the
   *     row would not share its fate
   */
  Row keep(Submission submission) {
    if (TransactionSynchronizationManager.isActualTransactionActive()
        && !(TransactionSynchronizationManager.isSynchronizationActive()
            && TransactionSynchronizationManager.hasResource(source))) {
      throw new IllegalStateException(
          "The transaction is over, or not one of the database that has the outbox.");
    }
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
    Submitted submitted;
    try {
      submitted = row.submission().send(client);
    } catch (ProblemException refusal) {
      if (refusal.isAboutRequest()) {
        refuse(row.id(), refusal.code() + ": " + refusal.detail());
      } else {
        again(row, refusal);
      }
      throw refusal;
    } catch (IllegalArgumentException unsendable) {
      refuse(row.id(), String.valueOf(unsendable.getMessage()));
      throw unsendable;
    } catch (RuntimeException unknown) {
      again(row, unknown);
      throw unknown;
    }
    remove(row);
    return submitted;
  }

  private void remove(Row row) {
    try {
      database.sql("delete from behalf_outbox where id = ?").param(row.id()).update();
    } catch (DataAccessException later) {
      // It is sent again, which submits nothing.
      LOG.warn("The row of the submitted job {} stays: {}", row.submission(), later.getMessage());
    }
  }

  /** Leases rows that are due, the longest first. */
  List<Row> due() {
    return database
        .sql(
            """
            select id, external_id, request, attempts, next_at from behalf_outbox
            where next_at <= ? order by next_at
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

  private void again(Row row, RuntimeException reason) {
    // 10 s, 20 s, 40 s, …: 2^10 times the pause is more than the longest.
    var doubled = 1L << Math.min(row.attempts() - 1, MOST_DOUBLED);
    var next = Math.min(pause.toMillis() * doubled, LONGEST_PAUSE.toMillis());
    LOG.warn(
        "The job {} waits in the outbox for another attempt: {}",
        row.submission(),
        reason.getMessage());
    database
        .sql("update behalf_outbox set next_at = :next where id = :id")
        .param("next", clock.millis() + next)
        .param("id", row.id())
        .update();
  }

  private void refuse(String id, String reason) {
    LOG.error("A job in the outbox is refused and not sent again: {}", reason);
    database
        .sql("update behalf_outbox set refusal = :reason, next_at = :never where id = :id")
        .param("reason", reason.substring(0, Math.min(reason.length(), MAX_REFUSAL)))
        .param("never", Long.MAX_VALUE)
        .param("id", id)
        .update();
  }
}
