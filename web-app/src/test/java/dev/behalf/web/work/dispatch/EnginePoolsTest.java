package dev.behalf.web.work.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobOutcome.Deferred;
import dev.behalf.contract.JobPayload;
import dev.behalf.testkit.Person;
import dev.behalf.testkit.TestDefinitions;
import dev.behalf.web.WebAppTest;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs of operations whose engines are called by HTTP: each operation has a pool of its own. */
class EnginePoolsTest extends WebAppTest {

  private static final Duration A_WHILE = Duration.ofSeconds(1);

  private final String name = "own-" + UUID.randomUUID().toString().substring(0, 8);
  private final String server = "http://10.0.0.1:" + (10_000 + Math.abs(name.hashCode() % 50_000));
  private Person ada;

  @BeforeEach
  void apply() throws Exception {
    emptyQueues();
    ada = signUp();
    var yaml =
        """
        name: %s
        title: Anything
        input: {type: object, properties: {text: {type: string}}}
        units: {name: job, fixed: 1}
        run: quick
        limits: {at_once: 3, at_once_per_user: 2, start_within: 10s}
        engine: {http: '%s/run'}
        """
            .formatted(name, server);
    try (var connection = DATABASE.connect(DATABASE.roles().web())) {
      TestDefinitions.apply(connection, yaml, "test");
    }
    await().until(() -> ada.page("/api/v1/operations/" + name).statusCode() == 200);
  }

  @AfterEach
  void clear() {
    retire(name);
    sql("delete from jobs.jobs where operation = '" + name + "'");
    sql("delete from compute.engines");
  }

  @Test
  void no_more_jobs_are_out_than_the_engine_may_have_at_once_and_quick_ones_pass_them()
      throws Exception {
    var ben = signUp();
    for (int i = 0; i < 4; i++) {
      submit(ada, Environment.LIVE);
      submit(ben, Environment.LIVE);
    }
    await().until(() -> out() == 3);

    var quick = ada.submit(Environment.LIVE, JobPayload.of("echo", "quick"));
    await().until(() -> state(quick).equals("dispatched"));
    await().during(A_WHILE).until(() -> out() == 3);
    assertThat(
            number(
                "select max(n) from (select count(*) as n from jobs.jobs where state = 'dispatched' and operation = '"
                    + name
                    + "' group by user_id) u"))
        .as("of one user")
        .isEqualTo(2);
  }

  @Test
  void one_user_alone_has_no_more_than_the_part_of_one_user() throws Exception {
    UUID last = UUID.randomUUID();
    for (int i = 0; i < 4; i++) {
      last = submit(ada, Environment.LIVE);
    }
    await().until(() -> out() == 2);

    await().during(A_WHILE).until(() -> out() == 2);
    assertThat(reason(last)).isEqualTo("cap");
  }

  @Test
  void test_and_live_share_the_places() throws Exception {
    var ben = signUp();
    submit(ada, Environment.LIVE);
    submit(ada, Environment.LIVE);
    await().until(() -> out() == 2);
    submit(ben, Environment.TEST);
    submit(ben, Environment.TEST);

    await().until(() -> out() == 3);
    await().during(A_WHILE).until(() -> out() == 3);
  }

  @Test
  void while_the_circuit_is_open_jobs_wait_and_say_why_and_one_goes_first_afterwards()
      throws Exception {
    circuit("now() + interval '1 hour'");
    var first = submit(ada, Environment.LIVE);
    submit(ada, Environment.LIVE);

    await().during(A_WHILE).until(() -> out() == 0);
    assertThat(reason(first)).isEqualTo("engine");
    assertThat(ada.page("/jobs/" + first).body()).contains("engine of this operation");

    var olga = signUp();
    sql(
        "update accounts.users set scopes = scopes || ' ops:read' where email = '"
            + olga.email()
            + "'");
    await().until(() -> olga.page("/ops/engines").statusCode() == 200);
    assertThat(olga.page("/ops/engines").body()).contains(server, name, "not called");
    assertThat(olga.page("/ops").body()).contains("An engine has not been called for");

    circuit("now()");
    await().until(() -> out() == 1);
    await().during(A_WHILE).until(() -> out() == 1);

    sql("delete from compute.engines");
    await().until(() -> out() == 2);
  }

  @Test
  void waiting_for_an_engine_is_no_attempt_until_the_operation_says_enough() throws Exception {
    var id = submit(ada, Environment.LIVE);
    await().until(() -> out() == 1);
    circuit("now() + interval '1 hour'");
    report(id, new Deferred("engine_unavailable", "It is away.", 1));
    await().until(() -> state(id).equals("queued"));
    assertThat(number("select attempt from jobs.jobs where id = '" + id + "'")).isZero();

    sql(
        "update jobs.jobs set waiting_since = waiting_since - interval '11 seconds' where id = '"
            + id
            + "'");
    sql("delete from compute.engines");
    await().until(() -> out() == 1);
    report(id, new Deferred("engine_unavailable", "It is away.", 1));

    await().until(() -> state(id).equals("failed"));
    assertThat(ada.job(id).required("code").asString()).isEqualTo("engine_unavailable");
  }

  @Test
  void jobs_that_an_open_circuit_keeps_in_the_queue_end_as_well() throws Exception {
    circuit("now() + interval '1 hour'");
    var late = submit(ada, Environment.LIVE);
    var inTime = submit(ada, Environment.LIVE);
    sql("update jobs.jobs set created_at = now() - interval '1 hour' where id = '" + late + "'");
    await().during(A_WHILE).until(() -> state(late).equals("queued"));

    sql("update compute.engines set away_since = now() - interval '11 seconds'");

    await().until(() -> state(late).equals("failed"));
    assertThat(ada.job(late).required("code").asString()).isEqualTo("engine_unavailable");
    assertThat(state(inTime)).isEqualTo("queued");
  }

  private UUID submit(Person person, Environment environment) throws Exception {
    return person.submit(environment, JobPayload.of(name, "x"));
  }

  private long out() {
    return number(
        "select count(*) from jobs.jobs where state = 'dispatched' and operation = '" + name + "'");
  }

  private static String state(UUID id) {
    return text("select state from jobs.jobs where id = '" + id + "'");
  }

  private String reason(UUID id) throws Exception {
    return ada.job(id).required("waiting").required("reason").asString();
  }

  private void circuit(String until) {
    sql(
        """
        insert into compute.engines (server, open_until, away_since, changed_at) values ('%s', %s, now(), now())
        on conflict (server) do update set open_until = excluded.open_until
        """
            .formatted(server, until));
  }

  private void report(UUID id, Deferred verdict) throws Exception {
    report(ada, id, verdict);
  }
}
