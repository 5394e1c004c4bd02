package dev.behalf.bench.peer;

import java.util.UUID;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.SpringApplication;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Takes jobs: a row, then a message that the broker confirms, then the answer. */
@PeerApplication
@Import({Keys.class, Tasks.class})
@RestController
public class PeerWeb {

  private static final long CONFIRMED_WITHIN_MS = 5_000;

  private final Keys keys;
  private final JdbcClient database;
  private final RabbitTemplate broker;

  PeerWeb(Keys keys, JdbcClient database, RabbitTemplate broker) {
    this.keys = keys;
    this.database = database;
    this.broker = broker;
  }

  public static void main(String[] args) {
    SpringApplication.run(PeerWeb.class, args);
  }

  record Submission(String text) {}

  record Accepted(UUID id) {}

  @PostMapping("/api/jobs")
  @ResponseStatus(HttpStatus.ACCEPTED)
  Accepted submit(
      @RequestHeader("Authorization") String authorization, @RequestBody Submission submission) {
    var task = new Tasks.Task(UUID.randomUUID(), keys.userOf(authorization));
    database
        .sql("insert into peer.jobs (id, user_id, text) values (?, ?, ?)")
        .params(task.id(), task.user(), submission.text())
        .update();
    // The insert has been committed: a worker that is quick finds the job.
    broker.invoke(
        channel -> {
          channel.convertAndSend(Tasks.QUEUE, task);
          channel.waitForConfirmsOrDie(CONFIRMED_WITHIN_MS);
          return true;
        });
    return new Accepted(task.id());
  }
}
