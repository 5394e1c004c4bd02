package dev.example.site;

import dev.behalf.client.Job;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Stores the tasks. */
@Repository
class Tasks {

  private static final int LATEST = 20;

  private final JdbcClient database;

  Tasks(JdbcClient database) {
    this.database = database;
  }

  /**
   * Stores a new task.
   *
   * @throws org.springframework.dao.DuplicateKeyException if the id is taken
   */
  void add(UUID id, String owner, String text) {
    database
        .sql(
            """
            insert into task (id, owner, text, state, problem, created_at)
            values (:id, :owner, :text, 'UNSENT', '', current_timestamp)
            """)
        .param("id", id)
        .param("owner", owner)
        .param("text", text)
        .update();
  }

  Optional<Task> find(UUID id) {
    return database.sql("select * from task where id = ?").param(id).query(Task.class).optional();
  }

  /** Returns a person's tasks, the newest first. */
  List<Task> latest(String owner) {
    return database
        .sql("select * from task where owner = ? order by created_at desc")
        .param(owner)
        .withMaxRows(LATEST)
        .query(Task.class)
        .list();
  }

  /** Stores the state and the result of a task's job, unless the row is already ahead. */
  void store(UUID id, Job job) {
    var state = State.of(job.state());
    // One statement: no other thread changes the row between a look and the change.
    database
        .sql(
            """
            update task set job_id = :job, state = :state, result = :result, units = :units,
              problem = :problem, finished_at = :finished
            where id = :id and state in (:before)
            """)
        .param("job", job.id())
        .param("state", state.name())
        .param("result", job.result() == null ? null : job.result().path("text").asString(""))
        .param("units", job.units())
        .param("problem", state == State.FAILED ? whyFailed(job) : "")
        .param(
            "finished", job.finishedAt() == null ? null : job.finishedAt().atOffset(ZoneOffset.UTC))
        .param("id", id)
        .param("before", state.before())
        .update();
  }

  /** Ends a task that Behalf has refused. */
  void refuse(UUID id, String problem) {
    database
        .sql(
            """
            update task set state = 'FAILED', problem = :problem, finished_at = :now
            where id = :id and state = 'UNSENT'
            """)
        .param("problem", problem)
        .param("now", OffsetDateTime.now(ZoneOffset.UTC))
        .param("id", id)
        .update();
  }

  private static String whyFailed(Job job) {
    return job.detail().isEmpty() ? job.code() : job.detail();
  }
}
