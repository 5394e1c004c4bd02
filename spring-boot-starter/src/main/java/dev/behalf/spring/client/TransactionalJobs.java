package dev.behalf.spring.client;

import dev.behalf.client.BehalfClient;
import dev.behalf.client.JobRequest;
import dev.behalf.client.Submitted;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
 */
public final class TransactionalJobs implements AutoCloseable {

  /** Longest wait for submissions under way when the application stops. */
  private static final Duration TO_END = Duration.ofSeconds(20);

  private static final Logger LOG = LoggerFactory.getLogger(TransactionalJobs.class);

  private final BehalfClient client;
  private final @Nullable Outbox outbox;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("behalf-submit-", 0).factory());

  TransactionalJobs(BehalfClient client, @Nullable Outbox outbox) {
    this.client = client;
    this.outbox = outbox;
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
              if (status == STATUS_COMMITTED) {
                send(submission, row, answer);
              } else {
                answer.cancel(false);
              }
            }
          });
    } else {
      send(submission, row, answer);
    }
    return answer;
  }

  private void send(
      Submission submission, Outbox.@Nullable Row row, CompletableFuture<Submitted> answer) {
    threads.execute(
        () -> {
          try {
            answer.complete(
                row == null || outbox == null ? submission.send(client) : outbox.send(row, client));
          } catch (RuntimeException failed) {
            LOG.warn(
                "The job {} was not submitted{}: {}",
                submission,
                row == null ? "" : ", and stays in the outbox",
                failed.getMessage());
            answer.completeExceptionally(failed);
          }
        });
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
