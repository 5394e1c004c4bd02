package dev.behalf.web.operators.console;

import dev.behalf.contract.JobMessage;
import dev.behalf.contract.StorableText;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.site.security.Caller;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.JacksonException;

/**
 * Dead letters: messages that could not be processed as jobs. They stay at the broker until an
 * operator collects them into rows, which can be viewed any number of times. Fetching a message and
 * giving it back would count as a delivery, and RabbitMQ drops messages delivered too often.
 */
@Component
class DeadLetters {

  /** The maximum number of messages per collection. */
  static final int AT_ONCE = 1_000;

  private static final int SHOWN_BYTES = 16 * 1024;

  private final RabbitTemplate template;
  private final Broker broker;
  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final OperatorAudit log;

  DeadLetters(
      RabbitTemplate template,
      Broker broker,
      JdbcClient database,
      TransactionTemplate transaction,
      OperatorAudit log) {
    this.template = template;
    this.broker = broker;
    this.database = database;
    this.transaction = transaction;
    this.log = log;
  }

  /**
   * The dead letters with one reason.
   *
   * @param sample the beginning of the newest message
   */
  record Group(String reason, long count, Instant newest, String sample) {}

  long atBroker() {
    var queue = broker.queue(JobMessage.DEAD_QUEUE);
    return queue == null ? 0 : queue.messages();
  }

  long kept() {
    return groups().stream().mapToLong(Group::count).sum();
  }

  List<Group> groups() {
    return database
        .sql(
            """
            with recursive reasons as (
              (select reason from ops.dead_letters order by reason, id desc limit 1)
              union all
              select n.reason from reasons r cross join lateral (
                select reason from ops.dead_letters where reason > r.reason order by reason, id desc limit 1) n
            )
            select r.reason, newest.at, newest.body,
              (select count(*) from (select from ops.dead_letters where reason = r.reason limit 100001) all_of_it) as count
            from reasons r cross join lateral (
              select at, body from ops.dead_letters where reason = r.reason order by id desc limit 1) newest
            """)
        .query(
            (row, index) ->
                new Group(
                    row.getString("reason"),
                    row.getLong("count"),
                    Timestamps.instant(row, "at"),
                    readable(row.getBytes("body"))))
        .list();
  }

  /**
   * Moves messages from the broker into rows. The broker drops a message once its row is committed:
   * after a crash in between, the message is collected again and stored twice, but never lost.
   */
  int collect(Caller caller) {
    return Objects.requireNonNullElse(
        template.execute(
            channel -> {
              var last = 0L;
              var letters = new ArrayList<Letter>();
              while (letters.size() < AT_ONCE) {
                var got = channel.basicGet(JobMessage.DEAD_QUEUE, false);
                if (got == null) {
                  break;
                }
                last = got.getEnvelope().getDeliveryTag();
                letters.add(letter(got.getProps().getHeaders(), got.getBody()));
              }
              if (!letters.isEmpty()) {
                keepOrGiveBack(caller, letters, () -> nack(channel, letters.size()));
                channel.basicAck(last, true);
              }
              return letters.size();
            }),
        0);
  }

  @Transactional
  public void discard(Caller caller, String reason) {
    var count =
        database.sql("delete from ops.dead_letters where reason = ?").param(reason).update();
    if (count > 0) {
      log.write(caller, "dead_letters.discarded", null, Map.of("reason", reason, "count", count));
    }
  }

  private record Letter(
      String reason, @Nullable UUID userId, @Nullable UUID jobId, int size, byte[] body) {}

  private static Letter letter(@Nullable Map<String, Object> headers, byte[] body) {
    var given = headers == null ? null : headers.get(JobMessage.REASON);
    // RabbitMQ itself dead-lettered the message: it was delivered too often.
    var reason =
        given == null
            ? headers != null && headers.containsKey("x-death") ? "delivery_limit" : "none"
            : given.toString();
    return new Letter(
        StorableText.shortened(reason, 100),
        id(body, "user_id"),
        id(body, "job_id"),
        body.length,
        Arrays.copyOf(body, Math.min(SHOWN_BYTES, body.length)));
  }

  private static @Nullable UUID id(byte[] body, String property) {
    try {
      var value = StrictJson.MAPPER.readTree(body).path(property);
      return value.isString() ? UUID.fromString(value.asString()) : null;
    } catch (JacksonException | IllegalArgumentException none) {
      return null;
    }
  }

  private interface GiveBack {
    void run() throws IOException;
  }

  @SuppressWarnings("IllegalCatch") // any failure must return the messages to the broker
  private void keepOrGiveBack(Caller caller, List<Letter> letters, GiveBack giveBack)
      throws IOException {
    try {
      transaction.executeWithoutResult(
          status -> {
            letters.forEach(this::keep);
            log.write(caller, "dead_letters.collected", null, Map.of("count", letters.size()));
          });
    } catch (RuntimeException failed) {
      giveBack.run();
      throw failed;
    }
  }

  private static void nack(com.rabbitmq.client.Channel channel, int count) throws IOException {
    if (count > 0) {
      channel.basicNack(0, true, true);
    }
  }

  private void keep(Letter letter) {
    database
        .sql(
            """
            insert into ops.dead_letters (user_id, job_id, reason, size, body)
            values ((select id from accounts.users where id = :user for key share), :job, :reason, :size, :body)
            """)
        .param("user", letter.userId())
        .param("job", letter.jobId())
        .param("reason", letter.reason())
        .param("size", letter.size())
        .param("body", letter.body())
        .update();
  }

  /** Returns at most 400 characters, without control characters that could affect a terminal. */
  private static String readable(byte[] body) {
    var text = new String(body, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", " ");
    return text.length() <= 400 ? text : StorableText.shortened(text, 400) + "…";
  }
}
