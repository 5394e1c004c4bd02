package dev.behalf.bench.peer;

import java.util.Objects;
import java.util.UUID;
import org.springframework.boot.SpringApplication;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Computes for the user of a key, and stores the result and its charge in one transaction. */
@PeerApplication
@Import(Keys.class)
@RestController
public class PeerCompute {

  private static final int CHARACTERS_PER_UNIT = 1_000;

  private final Keys keys;
  private final JdbcClient database;
  private final TransactionTemplate transaction;

  PeerCompute(Keys keys, JdbcClient database, TransactionTemplate transaction) {
    this.keys = keys;
    this.database = database;
    this.transaction = transaction;
  }

  public static void main(String[] args) {
    SpringApplication.run(PeerCompute.class, args);
  }

  record Call(UUID job, String text) {}

  record Answer(String text, long units) {}

  @PostMapping("/v1/compute")
  Answer compute(@RequestHeader("Authorization") String authorization, @RequestBody Call call) {
    var user = keys.userOf(authorization);
    var answer = echo(call.text());
    return Objects.requireNonNull(transaction.execute(begun -> settle(user, call.job(), answer)));
  }

  private static Answer echo(String text) {
    return new Answer(text, Math.ceilDiv(text.length(), CHARACTERS_PER_UNIT));
  }

  /** Stores the result and charges it. A job that runs again gets its stored result for nothing. */
  private Answer settle(UUID user, UUID job, Answer answer) {
    var isNew =
        database
                .sql(
                    "insert into peer.results (user_id, job_id, text, units) values (?, ?, ?, ?) on conflict do nothing")
                .params(user, job, answer.text(), answer.units())
                .update()
            == 1;
    if (!isNew) {
      return database
          .sql("select text, units from peer.results where user_id = ? and job_id = ?")
          .params(user, job)
          .query(Answer.class)
          .single();
    }
    database
        .sql("insert into peer.ledger (user_id, job_id, units) values (?, ?, ?)")
        .params(user, job, answer.units())
        .update();
    // Last, because other jobs of the user wait for this row until the commit.
    var withinLimit =
        database
                .sql(
                    "update peer.quota set used = used + ? where user_id = ? and used + ? <= limit_units")
                .params(answer.units(), user, answer.units())
                .update()
            == 1;
    if (!withinLimit) {
      throw new ResponseStatusException(HttpStatus.TOO_MANY_REQUESTS);
    }
    return answer;
  }
}
