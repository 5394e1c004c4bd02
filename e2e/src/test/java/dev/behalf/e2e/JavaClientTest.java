package dev.behalf.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.behalf.client.BehalfClient;
import dev.behalf.client.JobEvent;
import dev.behalf.client.KeyRequest;
import dev.behalf.client.ProblemException;
import dev.behalf.client.UserProperties;
import dev.behalf.client.Webhook;
import dev.behalf.client.test.ClientContract;
import dev.behalf.contract.StrictJson;
import dev.behalf.standalone.Ports;
import dev.behalf.testkit.BehalfSystem;
import dev.behalf.testkit.Person;
import dev.behalf.testkit.Required;
import dev.behalf.testkit.TestDefinitions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The client that Behalf gives obeys its contract on the real system, and what the fake lacks. */
@Tag("scenarios")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JavaClientTest extends ClientContract {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private BehalfSystem system;
  private Person ada;
  private BehalfClient behalf;
  private BehalfClient test;

  @BeforeAll
  void start() throws Exception {
    system = BehalfSystem.shared();
    ada = system.signUp();
    behalf = client(key(ada, "live"));
    test = client(key(ada, "test"));
  }

  @AfterAll
  void stop() {
    behalf.close();
    test.close();
  }

  @Override
  protected BehalfClient behalf() {
    return test;
  }

  @Override
  protected BehalfClient with(String key) {
    return client(key);
  }

  private BehalfClient client(String key) {
    return BehalfClient.builder(system.web().toString()).apiKey(key).build();
  }

  private static String key(Person person, String environment) throws Exception {
    var issued =
        person.post(
            "/api/v1/keys",
            StrictJson.write(
                StrictJson.MAPPER.readTree(
                    """
                    {"name":"k","environment":"%s","scopes":["jobs:read","jobs:write","keys:read","keys:write","usage:read"]}
                    """
                        .formatted(environment))));
    return StrictJson.MAPPER.readTree(issued.body()).required("secret").asString();
  }

  @Test
  void the_output_of_a_long_job_is_streamed() throws Exception {
    var python = Required.program("python3");
    try (var engine = SampleEngine.start(python, "engine.py", Ports.free());
        var database = system.database()) {
      TestDefinitions.apply(
          database, SampleEngine.definition("shout-slowly.yaml", engine.port()), "test");
      await()
          .until(
              () ->
                  behalf.operations().stream().anyMatch(one -> one.name().equals("shout-slowly")));
      var job = behalf.jobs().submit("shout-slowly", Map.of("text", "word by word")).job();
      var events = new ConcurrentLinkedQueue<JobEvent>();

      behalf.jobs().stream(job.id(), events::add);

      assertThat(events.stream().map(JobEvent::delta).collect(Collectors.joining()))
          .contains("WORD BY WORD");
      assertThat(events.stream().filter(JobEvent::isEnd)).hasSize(1);
      try (var retire = database.prepareStatement("select jobs.retire_operation('shout-slowly')")) {
        retire.executeQuery();
      }
    }
  }

  @Test
  void a_key_is_issued_rotated_and_revoked() {
    var issued = behalf.keys().issue(new KeyRequest("nightly", List.of("jobs:read")));
    assertThat(issued.secret()).startsWith("bh_live_");
    assertThat(issued.toString()).doesNotContain(issued.secret());

    var next = behalf.keys().rotate(issued.key().id(), "1h", null);
    assertThat(next.replaced()).isNotNull();
    assertThat(behalf.keys().revoke(next.key().id()).state()).isEqualTo("revoked");
    try (var revoked = client(String.valueOf(next.secret()))) {
      await()
          .atMost(Duration.ofSeconds(1))
          .untilAsserted(
              () ->
                  assertThatThrownBy(revoked::me)
                      .isInstanceOfSatisfying(
                          ProblemException.class,
                          problem -> assertThat(problem.code()).isEqualTo("key_invalid")));
    }
  }

  @Test
  void a_platform_works_for_its_users_with_a_token_that_it_renews() throws Exception {
    var name = "java-" + UUID.randomUUID().toString().substring(0, 8);
    var credentials = system.platform(name);
    try (var platform =
        BehalfClient.builder(system.web().toString())
            .platform(credentials.clientId(), credentials.secret())
            .build()) {
      var users = new LinkedHashMap<String, UserProperties>();
      for (int i = 0; i < 150; i++) {
        users.put("customer|" + i, new UserProperties().quota("live", 100));
      }
      assertThat(platform.users().putAll(users))
          .hasSize(150)
          .extracting("outcome")
          .containsOnly("created");
      assertThat(platform.users().all()).hasSize(150);
      var user = platform.users().put("customer|7", new UserProperties().name("Ada"));
      assertThat(platform.users().get("customer|7").name()).isEqualTo("Ada");

      var her = platform.onBehalfOf("customer|7");
      var job = her.jobs().submit("echo", Map.of("text", "hers")).job();
      assertThat(her.jobs().await(job.id(), MINUTE).units()).isEqualTo(1);
      assertThat(her.me().userId()).isEqualTo(user.userId());
      assertThatThrownBy(() -> platform.onBehalfOf("customer|8").jobs().get(job.id()))
          .isInstanceOfSatisfying(
              ProblemException.class, problem -> assertThat(problem.status()).isEqualTo(404));

      var hook =
          platform.webhooks().create("https://shop.example/hook", List.of("job.failed"), "test");
      assertThat(hook.secret()).startsWith("whsec_");
      assertThat(hook.toString()).doesNotContain(hook.secret());
      platform.webhooks().test(hook.webhook().id());
      assertThat(platform.webhooks().list()).extracting(Webhook::id).contains(hook.webhook().id());
      platform.webhooks().delete(hook.webhook().id());
      assertThat(platform.webhooks().list()).isEmpty();
      platform.verify();

      assertThat(platform.users().disable("customer|7").disabledAt()).isNotNull();
      assertThat(platform.users().enable("customer|7").disabledAt()).isNull();
      platform.users().delete("customer|7");
      assertThatThrownBy(() -> platform.users().get("customer|7"))
          .isInstanceOfSatisfying(
              ProblemException.class, problem -> assertThat(problem.code()).isEqualTo("not_found"));
    }
  }
}
