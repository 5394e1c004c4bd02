package dev.example.site;

import dev.behalf.client.JobRequest;
import dev.behalf.client.ProblemException;
import dev.behalf.client.Submitted;
import dev.behalf.spring.client.TransactionalJobs;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What a press does in the database: a task and the request for its job, or neither. */
@Component
class Button {

  private final Tasks tasks;
  private final TransactionalJobs jobs;
  private final SiteSettings settings;

  Button(Tasks tasks, TransactionalJobs jobs, SiteSettings settings) {
    this.tasks = tasks;
    this.jobs = jobs;
    this.settings = settings;
  }

  /**
   * Stores a task. Its request leaves after the commit, and not at all after a rollback. If the
   * process dies in between, or Behalf is away, the outbox sends it later.
   *
   * @throws org.springframework.dao.DuplicateKeyException if the task is there already
   */
  @Transactional
  public void press(UUID id, Person person, String text) {
    tasks.add(id, person.externalId(), text);
    jobs.submit(
            person.externalId(),
            JobRequest.of(Capitals.NAME, Map.of("text", text))
                .environment(settings.environment())
                .idempotencyKey(id.toString())
                // Finds the task of an event, and the job of a task whose answer was lost.
                .metadata(Work.TASK, id.toString()))
        .whenComplete((submitted, failure) -> answered(id, submitted, failure));
  }

  /** Runs on a thread of the starter's, after the commit. */
  private void answered(UUID id, @Nullable Submitted submitted, @Nullable Throwable failure) {
    if (submitted != null) {
      tasks.store(id, submitted.job());
    } else if (failure instanceof ProblemException refusal && refusal.isAboutRequest()) {
      tasks.refuse(id, Work.explain(refusal));
    }
  }
}
