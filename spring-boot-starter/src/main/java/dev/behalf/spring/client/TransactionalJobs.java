package dev.behalf.spring.client;

import dev.behalf.client.BehalfClient;
import dev.behalf.client.JobRequest;
import dev.behalf.client.Submitted;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Submits jobs that belong to the application's own transactions: after the commit, and not at all
 * after a rollback. Without a transaction, a job is submitted at once.
 *
 * <p>A job is sent on a thread of its own, so that the database connection of the transaction does
 * not wait for the server. The returned future is done once the server has answered: wait for it
 * outside of the transaction only.
 *
 * <p>With {@code behalf.outbox.enabled}, a request is a row of the same transaction until the
 * server has accepted it. Without it, a job is lost if the process dies, or the server stays away
 * for longer than the client retries; submit it again then, under the same idempotency key.
 *
 * <p>Call it within the transaction, not in a listener that runs after the commit: what such a
 * listener writes is not committed by everybody's connection pool.
 */
public final class TransactionalJobs implements AutoCloseable {

  /** Longest wait for submissions under way when the application stops. */
  private static final Duration TO_END = Duration.ofSeconds(20);

  /** Most requests under way; the others wait, without a connection. */
  private static final int MOST_AT_ONCE = 64;

  private static final Logger LOG = LoggerFactory.getLogger(TransactionalJobs.class);

  private final BehalfClient client;
  private final @Nullable Outbox outbox;
  private final ObservationRegistry observations;
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("behalf-submit-", 0).factory());

  TransactionalJobs(
      BehalfClient client, @Nullable Outbox outbox, ObservationRegistry observations) {
    this.client = client;
    this.outbox = outbox;
    this.observations = observations;
  }

  /**
   * Submits a job once the current transaction is committed.
   *
   * @return what the server has answered; cancelled if the transaction is rolled back, and failed
   *     with what the client throws if the server refuses the job or does not answer
   */
  public CompletableFuture<Submitted> submit(JobRequest request) {
    return submit(new Submission(null, request));
  }

  /**
   * Submits a job for a user of the platform once the current transaction is committed.
   *
   * @param externalId the platform's own id of the user
   * @return as {@link #submit(JobRequest)}
   */
  public CompletableFuture<Submitted> submit(String externalId, JobRequest request) {
    return submit(new Submission(externalId, request));
  }

  private CompletableFuture<Submitted> submit(Submission submission) {
    var row = outbox == null ? null : outbox.keep(submission);
    var answer = new CompletableFuture<Submitted>();
    if (TransactionSynchronizationManager.isActualTransactionActive()
        && TransactionSynchronizationManager.isSynchronizationActive()) {
      TransactionSynchronizationManager.registerSynchronization(
          new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
              completed(status, submission, row, answer);
            }
          });
    } else {
      send(submission, row, answer);
    }
    return answer;
  }

  private void completed(
      int status,
      Submission submission,
      Outbox.@Nullable Row row,
      CompletableFuture<Submitted> answer) {
    switch (status) {
      case TransactionSynchronization.STATUS_COMMITTED -> send(submission, row, answer);
      case TransactionSynchronization.STATUS_ROLLED_BACK -> answer.cancel(false);
      default -> {
        LOG.warn(
            "Nobody knows whether the transaction of the job {} was committed: {}",
            submission,
            row == null ? "it is not submitted" : "if it was, the outbox submits it");
        answer.completeExceptionally(
            new IllegalStateException("The outcome of the transaction is unknown."));
      }
    }
  }

  private void send(
      Submission submission, Outbox.@Nullable Row row, CompletableFuture<Submitted> answer) {
    var observation = observations.getCurrentObservation();
    try {
      threads.execute(
          () -> {
            // The trace of whoever has submitted goes with the request.
            try (var scope =
                observation == null ? Observation.Scope.NOOP : observation.openScope()) {
              answer.complete(sent(submission, row));
            } catch (RuntimeException failed) {
              answer.completeExceptionally(failed);
            } catch (InterruptedException stopped) {
              Thread.currentThread().interrupt();
              answer.completeExceptionally(stopped);
            }
          });
    } catch (RejectedExecutionException stopping) {
      LOG.warn("The job {} is not submitted: the application stops.", submission);
      answer.completeExceptionally(stopping);
    }
  }

  private Submitted sent(Submission submission, Outbox.@Nullable Row row)
      throws InterruptedException {
    places.acquire();
    try {
      if (row != null && outbox != null) {
        return outbox.send(row, client);
      }
      return submission.send(client);
    } catch (RuntimeException failed) {
      if (row == null) {
        LOG.warn("The job {} is not submitted: {}", submission, failed.getMessage());
      }
      throw failed;
    } finally {
      places.release();
    }
  }

  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(TO_END.toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
