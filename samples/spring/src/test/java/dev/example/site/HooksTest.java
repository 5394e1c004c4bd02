package dev.example.site;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The webhook: genuine events only, each once in effect, for the right person. */
@ExtendWith(OutputCaptureExtension.class)
class HooksTest extends SiteTest {

  private Task task;

  @BeforeEach
  void pressAndEnd() {
    task = press("hello there");
    await().until(() -> BEHALF.user(ADA).client().jobs().get(task.jobId()).hasEnded());
  }

  @Test
  void the_result_is_there_though_nobody_watched() throws Exception {
    assertThat(deliver("msg_1", event(ADA, task.id(), task.jobId()))).isEqualTo(204);

    assertThat(reread(task).state()).isEqualTo(State.SUCCEEDED);
    assertThat(reread(task).result()).isEqualTo("HELLO THERE");
    assertThat(reread(task).units()).isEqualTo(1);
    assertThat(reread(task).finishedAt()).isNotNull();
  }

  @Test
  void an_event_that_is_not_genuine_is_refused() throws Exception {
    var event = event(ADA, task.id(), task.jobId());
    var other = "whsec_" + Base64.getEncoder().encodeToString("another secret".getBytes(UTF_8));

    assertThat(send("msg_1", event, signature(other, "msg_1", event))).isEqualTo(400);
    var altered = event.replace("succeeded", "cancelled");
    assertThat(send("msg_1", altered, signature("msg_1", event))).isEqualTo(400);
    assertThat(send("msg_1", event, "v1,")).isEqualTo(400);
    assertThat(deliver("msg_1", "x".repeat(70_000))).isEqualTo(413);
    assertThat(reread(task).result()).isNull();
    assertThat(rows("handled_event")).isZero();
  }

  @Test
  void an_event_that_comes_twice_is_handled_once() throws Exception {
    var event = event(ADA, task.id(), task.jobId());
    assertThat(deliver("msg_1", event)).isEqualTo(204);
    BEHALF.requests.clear();

    assertThat(deliver("msg_1", event)).isEqualTo(204);

    assertThat(BEHALF.requests).isEmpty();
    assertThat(rows("handled_event")).isEqualTo(1);
  }

  @Test
  void an_event_for_another_person_than_the_owner_is_ignored() throws Exception {
    assertThat(deliver("msg_1", event(GRACE, task.id(), task.jobId()))).isEqualTo(204);

    assertThat(reread(task).result()).isNull();
  }

  @Test
  void an_event_comes_again_if_the_result_cannot_be_fetched() throws Exception {
    var event = event(ADA, task.id(), task.jobId());
    BEHALF.isAway = true;
    assertThat(deliver("msg_1", event)).isEqualTo(503);
    BEHALF.isAway = false;

    assertThat(deliver("msg_1", event)).isEqualTo(204);

    assertThat(reread(task).result()).isEqualTo("HELLO THERE");
  }

  @Test
  void an_event_may_arrive_before_the_id_of_the_job_is_stored() throws Exception {
    database.sql("update task set state = 'UNSENT', job_id = null").update();

    assertThat(deliver("msg_1", event(ADA, task.id(), task.jobId()))).isEqualTo(204);

    assertThat(reread(task).jobId()).isEqualTo(task.jobId());
    assertThat(reread(task).result()).isEqualTo("HELLO THERE");
  }

  @Test
  void events_of_what_this_site_does_not_know_are_acknowledged() throws Exception {
    var job = task.jobId();
    assertThat(deliver("msg_1", event(ADA, UUID.randomUUID(), job))).isEqualTo(204);
    assertThat(deliver("msg_2", event(ADA, "not a task", job))).isEqualTo(204);
    // A retry of the job is another job, and a job that is gone cannot be fetched.
    assertThat(deliver("msg_3", event(ADA, task.id(), UUID.randomUUID()))).isEqualTo(204);
    BEHALF.reset();
    assertThat(deliver("msg_4", event(ADA, task.id(), job))).isEqualTo(204);

    assertThat(reread(task).result()).isNull();
  }

  @Test
  void the_option_registers_the_webhook_and_prints_the_secret_alone(CapturedOutput output) {
    assertThat(register(FakePlatform.PLATFORM_SECRET)).isZero();

    assertThat(output.getOut())
        .endsWith("BEHALF_WEBHOOK_SECRET=" + FakePlatform.WEBHOOK_SECRET + System.lineSeparator());
    assertThat(BEHALF.webhooks.getFirst().toString())
        .contains("https://site.example/hooks/behalf")
        .contains("\"environment\":\"test\"")
        .contains("[\"job.succeeded\",\"job.failed\",\"job.cancelled\"]");
  }

  @Test
  void a_refusal_of_the_webhook_is_shown(CapturedOutput output) {
    assertThat(register("another secret")).isEqualTo(1);

    assertThat(output.getErr()).contains("401").doesNotContain("another secret");
    assertThat(BEHALF.webhooks).isEmpty();
  }

  private static int register(String platformSecret) {
    return RegisterWebhook.run(
        "--register-webhook=https://site.example/hooks/behalf",
        "--behalf.server=" + BEHALF.address(),
        "--behalf.platform.id=" + FakePlatform.ID,
        "--behalf.platform.secret=" + platformSecret);
  }

  private static String event(String user, Object task, UUID job) {
    return """
    {"type":"job.succeeded","timestamp":"2026-11-27T10:00:00Z",
     "data":{"id":"%s","user":"%s","state":"succeeded","metadata":{"task":"%s"}}}
    """
        .formatted(job, user, task);
  }

  private int deliver(String id, String body) throws Exception {
    return send(id, body, signature(id, body));
  }

  /** Sends an event as Behalf does, without a session, and returns the status. */
  private int send(String id, String body, String signature) {
    var request =
        HttpRequest.newBuilder(URI.create(site + Hooks.PATH))
            .header("Content-Type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", now())
            .header("webhook-signature", signature)
            .POST(BodyPublishers.ofString(body));
    return new Browser(site).send(request).statusCode();
  }

  private static String signature(String id, String body) throws Exception {
    return signature(FakePlatform.WEBHOOK_SECRET, id, body);
  }

  private static String signature(String secret, String id, String body) throws Exception {
    var mac = Mac.getInstance("HmacSHA256");
    var key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    var signed = (id + "." + now() + "." + body).getBytes(UTF_8);
    return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed));
  }

  private static String now() {
    return Long.toString(Instant.now().getEpochSecond());
  }
}
