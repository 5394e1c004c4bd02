package dev.behalf.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.database.BehalfDatabase;
import dev.behalf.testkit.Required;
import dev.behalf.testkit.TestBroker;
import dev.behalf.testkit.TestDatabase;
import java.net.URI;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A peer does what it is compared for: it would prove nothing if it did less. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PeerTest {

  private TestBroker broker;
  private PeerSystem peer;

  abstract PeerPrograms programs(BehalfDatabase database, URI broker) throws Exception;

  @BeforeAll
  void start() throws Exception {
    broker = Required.orSkip("rabbitmq", TestBroker.rabbitMq());
    var database = TestDatabase.create();
    peer = PeerSystem.start(programs(database, broker.address()), database, broker, 2);
  }

  @AfterAll
  void stop() throws Exception {
    if (peer != null) {
      peer.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  @Test
  void a_submitted_job_ends_with_its_result_and_one_charge() throws Exception {
    var before = used(0);

    assertThat(send(peer.web(), peer.job(0, "hello"))).isEqualTo(202);
    peer.awaitDrained(1);

    assertThat(text("select state || ' ' || units from peer.jobs where text = 'hello'"))
        .isEqualTo("succeeded 1");
    assertThat(text("select count(*) from peer.results where text = 'hello'")).isEqualTo("1");
    assertThat(used(0)).isEqualTo(before + 1);
    assertThat(text("select sum(units) from peer.ledger"))
        .isEqualTo(text("select sum(used) from peer.quota"));
  }

  @Test
  void a_call_that_is_sent_again_is_charged_once() throws Exception {
    var before = used(0);
    var call = call(UUID.randomUUID(), "twice", key(0));

    assertThat(send(peer.compute(), call)).isEqualTo(200);
    assertThat(send(peer.compute(), call)).isEqualTo(200);

    assertThat(used(0)).isEqualTo(before + 1);
  }

  @Test
  void a_wrong_key_is_refused_by_both() throws Exception {
    var submission =
        HttpLoad.post("/api/jobs", "{\"text\":\"wrong\"}", "Authorization: Api-Key peer_wrong");

    assertThat(send(peer.web(), submission)).isEqualTo(401);
    assertThat(send(peer.compute(), call(UUID.randomUUID(), "wrong", "peer_wrong"))).isEqualTo(401);
    assertThat(text("select count(*) from peer.jobs where text = 'wrong'")).isEqualTo("0");
    assertThat(text("select count(*) from peer.results where text = 'wrong'")).isEqualTo("0");
  }

  @Test
  void an_exhausted_quota_fails_the_job_and_charges_nothing() throws Exception {
    var user = peer.users().get(1).id();
    text(
        "update peer.quota set limit_units = used where user_id = '%s' returning 1"
            .formatted(user));
    var before = used(1);

    assertThat(send(peer.web(), peer.job(1, "too much"))).isEqualTo(202);
    peer.awaitDrained(1);

    assertThat(text("select state || ' ' || refused from peer.jobs where text = 'too much'"))
        .isEqualTo("failed 429");
    assertThat(text("select count(*) from peer.results where text = 'too much'")).isEqualTo("0");
    assertThat(used(1)).isEqualTo(before);
  }

  @Test
  void jobs_that_are_queued_for_a_drain_run_like_submitted_ones() throws Exception {
    var before = used(0);

    peer.stopWorkers();
    peer.queue(10);
    assertThat(text("select count(*) from peer.jobs where state = 'queued'")).isEqualTo("10");
    peer.letWorkersGo();
    peer.awaitDrained(1);

    assertThat(used(0)).isEqualTo(before + 5);
  }

  private static int send(URI server, byte[] request) throws Exception {
    return new HttpLoad(server, 1).send(1, i -> request, false).getFirst().status();
  }

  private static byte[] call(UUID job, String text, String key) {
    return HttpLoad.post(
        "/v1/compute",
        "{\"job\":\"%s\",\"text\":\"%s\"}".formatted(job, text),
        "Authorization: Api-Key " + key);
  }

  private String key(int user) {
    return peer.users().get(user).key();
  }

  private long used(int user) throws SQLException {
    return Long.parseLong(
        text(
            "select used from peer.quota where user_id = '%s'"
                .formatted(peer.users().get(user).id())));
  }

  private String text(String sql) throws SQLException {
    try (var connection = peer.database();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
