package dev.behalf.web.work.jobs;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Does again what has failed or was cancelled: as a new job, since an end is an end. */
@Component
public class Retries {

  private final Jobs jobs;
  private final Submissions submissions;

  Retries(Jobs jobs, Submissions submissions) {
    this.jobs = jobs;
    this.submissions = submissions;
  }

  /**
   * The new job; asked again, the same.
   *
   * @param keyId of the key that asks for it, if one does
   * @throws Problem {@code job_not_failed} where it is open, or has succeeded
   */
  public Submissions.Accepted again(UUID userId, UUID id, @Nullable String keyId) {
    var job = jobs.find(userId, id).orElseThrow(Problem::notFound);
    if (!job.state().isUncharged()) {
      throw new Problem(
          ProblemCode.JOB_NOT_FAILED,
          "Only a job that has failed or was cancelled can be done again.");
    }
    return submissions.submit(userId, Submission.again(job, keyId));
  }
}
