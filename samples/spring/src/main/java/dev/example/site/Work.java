package dev.example.site;

import dev.behalf.client.BehalfClient;
import dev.behalf.client.ProblemException;
import dev.behalf.client.UserProperties;
import dev.behalf.client.WatchToken;
import java.util.Objects;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The calls to Behalf for which somebody waits. None is made inside a transaction: a connection to
 * the database would wait with it.
 *
 * <p>Each method throws {@link ProblemException} if Behalf refuses, and {@link
 * dev.behalf.client.ConnectionException} if it does not answer.
 */
@Component
class Work {

  /** The name under which a job's metadata has the id of its task. */
  static final String TASK = "task";

  private final BehalfClient behalf;
  private final JdbcClient database;
  private final Tasks tasks;
  private final SiteSettings settings;

  Work(BehalfClient behalf, JdbcClient database, Tasks tasks, SiteSettings settings) {
    this.behalf = behalf;
    this.database = database;
    this.tasks = tasks;
    this.settings = settings;
  }

  /**
   * Makes sure that Behalf has a user for a person: a job for an unknown one would be refused. Only
   * the first press of a person needs an answer from Behalf.
   */
  void register(Person person) {
    var id = person.externalId();
    if (isRegistered(id)) {
      return;
    }
    var properties =
        new UserProperties().name(person.name()).quota(settings.environment(), settings.quota());
    behalf.users().put(id, properties);
    try {
      database.sql("insert into person (external_id) values (?)").param(id).update();
    } catch (DuplicateKeyException another) {
      // Another press at the same time: both have put the same user.
    }
  }

  private boolean isRegistered(String externalId) {
    return database
        .sql("select count(*) from person where external_id = ?")
        .param(externalId)
        .query(Boolean.class)
        .single();
  }

  /** Fetches the job of a task, if Behalf has it, and stores its current state. */
  Task refresh(Task task) {
    var jobs = behalf.onBehalfOf(task.owner()).jobs();
    if (task.jobId() != null) {
      tasks.store(task.id(), jobs.get(task.jobId()));
    } else {
      // The answer was lost, or the outbox has sent the request after a restart. The oldest job
      // is the task's own: retries have the same metadata.
      jobs.find("meta." + TASK + ":" + task.id())
          .reduce((newer, older) -> older)
          .ifPresent(job -> tasks.store(task.id(), job));
    }
    return tasks.find(task.id()).orElseThrow();
  }

  /** Stores the current state of a job that is known to belong to a task. */
  void store(Task task, UUID jobId) {
    tasks.store(task.id(), behalf.onBehalfOf(task.owner()).jobs().get(jobId));
  }

  /** Cancels the job of a task. Work that runs stops within seconds. */
  void cancel(Task task) {
    tasks.store(task.id(), behalf.onBehalfOf(task.owner()).jobs().cancel(job(task)));
  }

  /** Issues a token with which a browser reads this one job for 15 minutes. */
  WatchToken watchToken(Task task) {
    return behalf.onBehalfOf(task.owner()).jobs().watchToken(job(task));
  }

  private static UUID job(Task task) {
    return Objects.requireNonNull(task.jobId());
  }

  /** Returns a sentence for the page. */
  static String explain(RuntimeException failed) {
    if (failed instanceof ProblemException refusal && !refusal.isTemporary()) {
      return "Behalf refused: " + (refusal.detail().isEmpty() ? refusal.title() : refusal.detail());
    }
    return "Behalf is not available. Please try again in a moment.";
  }

  /** Returns whether the same call may succeed later. */
  static boolean isTemporary(RuntimeException failed) {
    return !(failed instanceof ProblemException refusal) || refusal.isTemporary();
  }
}
