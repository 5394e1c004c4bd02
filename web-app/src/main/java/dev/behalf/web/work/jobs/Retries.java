package dev.behalf.web.work.jobs;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Retries failed and cancelled jobs, each as a new job because a job that ended is not rerun. */
@Component
public class Retries {

  private final Jobs jobs;
  private final Submissions submissions;

  Retries(Jobs jobs, Submissions submissions) {
    this.jobs = jobs;
    this.submissions = submissions;
  }

  /**
   * Returns the new job; a repeated call returns the same one.
   *
   * @param keyId id of the API key that requests the retry, if any
   * @param actor the credential that requests the retry
   * @throws Problem {@code job_not_failed} if the job is open or has succeeded
   */
  public Submissions.Accepted retry(UUID userId, UUID id, @Nullable String keyId, String actor) {
    var job = jobs.find(userId, id).orElseThrow(Problem::notFound);
    if (!job.state().isUnsuccessful()) {
      throw new Problem(
          ProblemCode.JOB_NOT_FAILED, "Only a failed or cancelled job can be retried.");
    }
    return submissions.submit(userId, Submission.retry(job, keyId, actor));
  }
}
