package dev.behalf.web;

import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcome.Verdict;
import dev.behalf.contract.KeyRing;
import dev.behalf.contract.StrictJson;
import dev.behalf.database.BehalfDatabase;
import dev.behalf.database.Operators;
import dev.behalf.testkit.Person;
import dev.behalf.testkit.TestBroker;
import dev.behalf.testkit.TestDatabase;
import java.net.URI;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.bean.override.convention.TestBean;

/**
 * web-app alone, on a real database and a real broker; tests play the worker and compute-server.
 */
@Tag("server")
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "behalf.status-age=0s",
      // Jobs of tests are as old as their test needs; RetentionTest deletes.
      "behalf.retention.live=0",
      "behalf.retention.test=0",
      "management.server.port=0",
      "behalf.keys.rotate-every=500ms",
      "behalf.keys.rewrap-every=500ms",
      "behalf.jobs.window=20",
      "behalf.jobs.per-user=10",
      "behalf.jobs.lease=5s",
      "behalf.jobs.call-timeout=2s",
      "behalf.jobs.reconcile-every=200ms",
      "behalf.jobs.first-retry=10ms",
      "behalf.jobs.max-attempts=3",
      "behalf.webhooks.allow-private=true",
      "behalf.webhooks.timeout=2s",
      "behalf.anonymous-limits.sign-ups-per-hour=1000000",
      "behalf.anonymous-limits.sessions-per-minute=1000000",
      "behalf.anonymous-limits.reports-per-minute=1000000"
    })
public abstract class WebAppTest {

  protected static final BehalfDatabase DATABASE = TestDatabase.create();
  protected static final TestBroker BROKER = TestBroker.embedded();
  protected static final String SECRET = "1:" + Base64.getEncoder().encodeToString(new byte[32]);
  protected static final KeyRing RING = KeyRing.parse(SECRET);
  protected static final String PASSWORD = "correct horse battery staple";

  private static final String DEADLOCK = "40P01";

  @LocalServerPort int port;

  /** Tests sign up a thousand users, whose passwords protect nothing. */
  @TestBean Argon2PasswordEncoder argon2;

  static Argon2PasswordEncoder argon2() {
    return new Argon2PasswordEncoder(16, 32, 1, 64, 1);
  }

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("spring.datasource.url", DATABASE::url);
    registry.add("spring.datasource.username", () -> DATABASE.roles().web().name());
    registry.add("spring.datasource.password", () -> DATABASE.roles().web().password());
    registry.add("spring.rabbitmq.addresses", () -> BROKER.address().toString());
    for (var name : new String[] {"peppers", "master-keys", "messages", "lookups"}) {
      registry.add("behalf.secrets." + name, () -> SECRET);
    }
  }

  /** The next class finds the operations of the release, and no job of this one in its way. */
  @AfterAll
  static void clear() throws Exception {
    sql(
        """
        select jobs.retire_operation(name) from jobs.operations o
        where retired_at is null and not exists (
            select from jobs.operation_versions v where v.name = o.name and applied_by = 'behalf')
        """);
    sql("delete from jobs.jobs where state in ('queued', 'dispatched', 'running')");
    emptyQueues();
  }

  protected URI site() {
    return URI.create("http://127.0.0.1:" + port);
  }

  protected Person signUp() throws Exception {
    return Person.signUp(site(), UUID.randomUUID() + "@example.com", PASSWORD);
  }

  /** Makes an operator of a person who is signed in, and waits until web-app knows it. */
  protected static Person operator(Person person) throws Exception {
    role(person, Operators.Role.OPERATOR);
    await().until(() -> person.page("/ops").statusCode() == 200);
    return person;
  }

  protected static void role(Person person, Operators.Role role) throws Exception {
    try (var connection = DATABASE.connect(DATABASE.roles().owner())) {
      new Operators(connection).set(userId(person), role);
    }
  }

  protected static UUID userId(Person person) {
    return UUID.fromString(
        text("select id::text from accounts.users where email = '" + person.email() + "'"));
  }

  /** What compute-server writes before a worker says that a job is done. */
  protected static void saved(UUID user, UUID job, String environment, long units, String key) {
    sql(
        """
        insert into compute.results values ('%1$s', '%2$s', '%3$s', 'echo', '', '{}', %4$d, now()) on conflict do nothing;
        insert into compute.ledger (user_id, job_id, environment, period, operation, units, key_id, created_at)
        values ('%1$s', '%2$s', '%3$s', to_char(now() at time zone 'utc', 'YYYY-MM'), 'echo', %4$d, '%5$s', now())
        on conflict do nothing
        """
            .formatted(user, job, environment, units, key));
  }

  /**
   * Retires an operation that a test has applied, so that others see those of the release alone.
   */
  protected static void retire(String operation) {
    sql("select jobs.retire_operation('" + operation + "')");
  }

  /** Takes all messages of jobs from the broker, which holds no more than the window. */
  protected static void emptyQueues() throws Exception {
    try (var connection = BROKER.connect();
        var channel = connection.createChannel()) {
      channel.queuePurge(JobMessage.LIVE_QUEUE);
      channel.queuePurge(JobMessage.TEST_QUEUE);
    }
  }

  /** Reports of the current attempt of a live job, as a worker does. */
  protected static void report(Person owner, UUID job, Verdict verdict) throws Exception {
    var attempt = (int) number("select attempt from jobs.jobs where id = '" + job + "'");
    var outcome =
        new JobOutcome(
            JobOutcome.VERSION, job, userId(owner), Environment.LIVE, attempt, verdict, List.of());
    var body = StrictJson.write(outcome);
    var properties =
        new AMQP.BasicProperties.Builder()
            .headers(Map.of(JobMessage.SIGNATURE, RING.seal(body)))
            .build();
    try (var connection = BROKER.connect();
        var channel = connection.createChannel()) {
      channel.confirmSelect();
      channel.basicPublish(JobOutcome.EXCHANGE, JobOutcome.QUEUE, properties, body);
      channel.waitForConfirmsOrDie(10_000);
    }
  }

  protected static void sql(String statement) {
    try {
      TestDatabase.execute(DATABASE, statement);
    } catch (SQLException e) {
      if (DEADLOCK.equals(e.getSQLState())) {
        // It met what web-app does in the background, and has changed nothing.
        sql(statement);
        return;
      }
      throw new IllegalStateException(e);
    }
  }

  protected static long number(String query) {
    return Long.parseLong(text("select (" + query + ")::text"));
  }

  protected static String text(String query) {
    return TestDatabase.text(DATABASE, query);
  }
}
