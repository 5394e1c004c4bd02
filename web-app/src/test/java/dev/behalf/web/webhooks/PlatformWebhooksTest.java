package dev.behalf.web.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.StrictJson;
import dev.behalf.server.security.Scope;
import dev.behalf.web.WebAppTest;
import dev.behalf.web.identity.platforms.Backend;
import dev.behalf.web.identity.platforms.NewPlatform;
import dev.behalf.web.identity.platforms.Platforms;
import dev.behalf.web.work.jobs.Cancellations;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** A platform hears of the jobs of all its users by one webhook. */
class PlatformWebhooksTest extends WebAppTest {

  @Autowired private Platforms platforms;
  @Autowired private Cancellations cancellations;
  private Receiver receiver;
  private String name;
  private Backend shop;

  @BeforeEach
  void start() throws Exception {
    receiver = new Receiver();
    name = "p" + UUID.randomUUID().toString().substring(0, 18);
    shop = backend(name, Scope.OF_PLATFORMS);
    shop.call("PUT", "/api/v1/users/ada", "{}");
    shop.call("PUT", "/api/v1/users/bo", "{}");
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  private Backend backend(String called, Set<Scope> scopes) {
    return new Backend(site(), platforms.create(new NewPlatform(called, scopes, List.of())));
  }

  @Test
  void one_webhook_receives_the_ends_of_all_users_and_says_whose_they_are() throws Exception {
    var hook = hook(shop, "/hook");
    var other = backend("q" + name.substring(1), Scope.OF_PLATFORMS);
    hook(other, "/other");

    cancel("ada", submit("ada"));
    cancel("bo", submit("bo"));

    await().until(() -> receiver.requests().size() == 2);
    assertThat(receiver.requests())
        .allSatisfy(
            request -> {
              assertThat(request.path()).isEqualTo("/hook");
              assertThat(request.isSignedWith(hook.required("secret").asString())).isTrue();
            })
        .map(request -> json(request.body()).required("data").required("user").asString())
        .containsExactlyInAnyOrder("ada", "bo");
  }

  @Test
  void the_end_of_a_batch_says_whose_it_is() throws Exception {
    shop.call(
        "POST",
        "/api/v1/webhooks",
        "{\"url\":\"%s\",\"events\":[\"batch.completed\"]}".formatted(receiver.url("/hook")));
    var sent =
        shop.call(
            shop.token(),
            "POST",
            "/api/v1/batches",
            "{\"operation\":\"echo\",\"text\":\"a\"}",
            "Behalf-On-Behalf-Of",
            "ada",
            "Content-Type",
            "application/x-ndjson");
    sql(
        "update jobs.jobs set state = 'cancelled', finished_at = now() where batch_id = '%s'"
            .formatted(json(sent.body()).required("id").asString()));

    await().until(() -> receiver.requests().size() == 1);
    assertThat(
            json(receiver.requests().getFirst().body())
                .required("data")
                .required("user")
                .asString())
        .isEqualTo("ada");
  }

  @Test
  void a_platform_manages_its_webhooks_as_a_user_does() throws Exception {
    var id = hook(shop, "/hook").required("webhook").required("id").asString();
    var path = "/api/v1/webhooks/" + id;

    assertThat(json(shop.call("GET", "/api/v1/webhooks", "").body()).required("webhooks"))
        .hasSize(1);
    assertThat(shop.call("POST", path + "/test-events", "").statusCode()).isEqualTo(202);
    await().until(() -> receiver.requests().size() == 1);
    await()
        .until(
            () ->
                json(shop.call("GET", path + "/deliveries", "").body())
                    .toString()
                    .contains("\"delivered\""));
    assertThat(shop.call("POST", path + "/rotation", "").statusCode()).isEqualTo(201);
    assertThat(shop.call("DELETE", path, "").statusCode()).isEqualTo(204);
    assertThat(shop.call("GET", path, "").statusCode()).isEqualTo(404);
    assertThat(
            text(
                "select string_agg(action, ' ' order by id) from accounts.audit_log where actor = 'platform %s' and object = '%s'"
                    .formatted(name, id)))
        .isEqualTo("webhook.created webhook.secret_rotated webhook.removed");
  }

  @Test
  void nobody_else_finds_it() throws Exception {
    var path =
        "/api/v1/webhooks/" + hook(shop, "/hook").required("webhook").required("id").asString();
    var other = backend("q" + name.substring(1), Scope.OF_PLATFORMS);
    var user = signUp();

    assertThat(other.call("GET", path, "").statusCode()).isEqualTo(404);
    assertThat(other.call("DELETE", path, "").statusCode()).isEqualTo(404);
    assertThat(user.page(path).statusCode()).isEqualTo(404);
    assertThat(shop.callFor("ada", "GET", path, "").statusCode()).isEqualTo(403);
    var less = backend("r" + name.substring(1), EnumSet.of(Scope.USERS_READ, Scope.ACT_JOBS));
    assertThat(less.call("GET", "/api/v1/webhooks", "").statusCode()).isEqualTo(403);
  }

  @Test
  void who_has_ended_the_platforms_right_is_no_longer_heard_of() throws Exception {
    var id = hook(shop, "/hook").required("webhook").required("id").asString();
    var waiting = submit("ada");
    var later = submit("ada");
    receiver.answering(503);
    cancel("ada", waiting);
    await().until(() -> receiver.requests().size() == 1);

    var deliveries =
        "select count(*)::text from webhooks.deliveries where endpoint_id = '%s'".formatted(id);
    sql(
        "update accounts.platform_users set acting_ended_at = now() where external_id = 'ada' and platform_id = (select id from accounts.platforms where name = '%s')"
            .formatted(name));
    assertThat(text(deliveries)).isEqualTo("0");
    cancellations.cancel(UUID.fromString(userOf("ada")), UUID.fromString(later));
    cancel("bo", submit("bo"));

    await().until(() -> receiver.requests().size() == 2);
    assertThat(receiver.requests().getLast().body()).contains("\"bo\"");
    assertThat(text(deliveries)).isEqualTo("1");
  }

  @Test
  void events_about_a_user_go_with_the_user_and_webhooks_with_the_platform() throws Exception {
    var id = hook(shop, "/hook").required("webhook").required("id").asString();
    cancel("ada", submit("ada"));
    await().until(() -> receiver.requests().size() == 1);
    var deliveries =
        "select count(*)::text from webhooks.deliveries where endpoint_id = '%s'".formatted(id);
    assertThat(text(deliveries)).isEqualTo("1");

    assertThat(shop.call("DELETE", "/api/v1/users/ada", "").statusCode()).isEqualTo(204);
    assertThat(text(deliveries)).isEqualTo("0");

    platforms.end(name);
    assertThat(text("select count(*)::text from webhooks.endpoints where id = '%s'".formatted(id)))
        .isEqualTo("0");
  }

  /** The event was being written when the right ended. */
  @Test
  void what_was_written_at_the_moment_of_the_end_is_never_sent() throws Exception {
    var id = hook(shop, "/hook").required("webhook").required("id").asString();
    sql(
        "update accounts.platform_users set acting_ended_at = now() where user_id = '%s'"
            .formatted(userOf("ada")));
    sql(
        "insert into webhooks.deliveries (user_id, id, endpoint_id, about_user_id, type, body, state, next_at, created_at) select platform_id, 'msg_late', id, '%s', 'job.failed', '{}', 'pending', now(), now() from webhooks.endpoints where id = '%s'"
            .formatted(userOf("ada"), id));
    cancel("bo", submit("bo"));

    await().until(() -> receiver.requests().size() == 1);
    assertThat(receiver.requests().getFirst().body()).contains("\"bo\"");
    assertThat(text("select state from webhooks.deliveries where id = 'msg_late'"))
        .isEqualTo("pending");
  }

  @Test
  void a_webhook_that_answers_gone_is_disabled() throws Exception {
    var id = hook(shop, "/hook").required("webhook").required("id").asString();
    receiver.answering(410);

    cancel("ada", submit("ada"));

    await().until(() -> shop.call("GET", "/api/v1/webhooks/" + id, "").body().contains("\"gone\""));
  }

  private JsonNode hook(Backend backend, String path) throws Exception {
    var created =
        backend.call(
            "POST",
            "/api/v1/webhooks",
            "{\"url\":\"%s\",\"events\":[\"job.succeeded\",\"job.cancelled\"]}"
                .formatted(receiver.url(path)));
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    return json(created.body());
  }

  private String submit(String externalId) throws Exception {
    var queued =
        shop.callFor(
            externalId,
            "POST",
            "/api/v1/jobs",
            "{\"payload\":{\"operation\":\"echo\",\"text\":\"hi\"}}");
    return json(queued.body()).required("id").asString();
  }

  private void cancel(String externalId, String job) throws Exception {
    HttpResponse<String> answer =
        shop.callFor(externalId, "POST", "/api/v1/jobs/" + job + "/cancellation", "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private String userOf(String externalId) {
    return text(
        "select u.user_id::text from accounts.platform_users u join accounts.platforms p on p.id = u.platform_id where p.name = '%s' and u.external_id = '%s'"
            .formatted(name, externalId));
  }

  private static JsonNode json(String text) {
    return StrictJson.MAPPER.readTree(text);
  }
}
