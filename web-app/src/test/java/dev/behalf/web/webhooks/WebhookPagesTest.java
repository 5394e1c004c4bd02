package dev.behalf.web.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.testkit.Person;
import dev.behalf.web.Api;
import dev.behalf.web.WebAppTest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebhookPagesTest extends WebAppTest {

  private static final Pattern SECRET = Pattern.compile("whsec_[A-Za-z0-9+/=]+");

  private Receiver receiver;
  private Person ada;

  @BeforeEach
  void receive() throws Exception {
    receiver = new Receiver();
    ada = signUp();
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  @Test
  void a_webhook_is_added_tested_and_its_delivery_shown_and_replayed() throws Exception {
    assertThat(ada.page("/webhooks").body()).contains("No webhooks yet");

    var added = add("/webhooks");
    var secret = secret(added);
    var page = "/webhooks/" + only();

    assertThat(ada.page("/webhooks").body()).contains(receiver.url("/hook").toString());
    assertThat(ada.page(page).body()).contains("on call").doesNotContain("whsec_");
    var sent = ada.form(page + "/test-events", Map.of());
    assertThat(sent.uri().getPath()).startsWith(page + "/deliveries/msg_");
    await()
        .untilAsserted(
            () ->
                assertThat(ada.page(sent.uri().getPath()).body())
                    .contains("The server answered with status 204.")
                    .contains("webhook.test"));
    assertThat(receiver.requests().getFirst().isSignedWith(secret)).isTrue();
    ada.form(sent.uri().getPath() + "/replay", Map.of());
    await().until(() -> receiver.requests().size() == 2);
    assertThat(receiver.requests().get(1).id()).isEqualTo(receiver.requests().getFirst().id());
    assertThat(ada.page(page + "?state=delivered").body()).contains("webhook.test");
    assertThat(ada.page(page + "?state=failed").body()).contains("No deliveries.");
  }

  @Test
  void each_move_is_a_form() throws Exception {
    var first = secret(add("/webhooks"));
    var page = "/webhooks/" + only();

    var second = secret(ada.form(page + "/rotation", Map.of()));
    assertThat(second).isNotEqualTo(first);
    assertThat(ada.page(page).body()).contains("End the old secret now");
    assertThat(ada.form(page + "/rotation/end", Map.of()).body())
        .doesNotContain("End the old secret now");
    assertThat(ada.form(page + "/disablement", Map.of()).body())
        .contains("You disabled this webhook at");
    assertThat(ada.form(page + "/disablement/end", Map.of()).body())
        .doesNotContain("You disabled this webhook at");
    assertThat(
            ada.form(
                    page,
                    Map.of(
                        "url", receiver.url("/other").toString(),
                        "events", "job.failed",
                        "description", "at night"))
                .body())
        .contains("/other")
        .contains("at night");
    var wrong = ada.form(page, Map.of("url", "nowhere", "events", "job.failed"));
    assertThat(wrong.statusCode()).isEqualTo(422);
    assertThat(wrong.body())
        .contains("Nothing was changed.")
        .contains("Enter a public URL that begins with https://");
    assertThat(ada.form(page + "/removal", Map.of()).uri().getPath()).isEqualTo("/webhooks");
    assertThat(ada.page(page).statusCode()).isEqualTo(404);
  }

  @Test
  void test_mode_has_webhooks_of_its_own() throws Exception {
    add("/test/webhooks");

    assertThat(ada.page("/webhooks").body()).contains("No webhooks yet");
    assertThat(ada.page("/test/webhooks").body()).contains("/hook");
    assertThat(
            Api.json(ada.page("/api/v1/webhooks"))
                .required("webhooks")
                .get(0)
                .required("environment")
                .asString())
        .isEqualTo("test");
  }

  @Test
  void what_is_wrong_with_a_new_webhook_is_said_beside_the_field() throws Exception {
    var answer = ada.form("/webhooks", Map.of("url", receiver.url("/hook").toString()));

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body())
        .contains("Choose at least one event.")
        .contains(receiver.url("/hook").toString());
  }

  @Test
  void a_signature_is_checked_without_keeping_or_showing_the_secret() throws Exception {
    var secret = Signature.newSecret();
    var now = java.time.Instant.now().getEpochSecond();
    var headers =
        "webhook-id: msg_1\nwebhook-timestamp: %d\nwebhook-signature: %s"
            .formatted(now, Signature.sign(secret, "msg_1", now, "{\"a\":1}"));
    assertThat(ada.page("/webhooks/try").body()).contains("Nothing is stored");

    var fits = check("{\"a\":1}", headers, secret);
    assertThat(fits).contains("The signature is valid.").doesNotContain(secret);
    assertThat(fits).contains("msg_1." + now + ".{&quot;a&quot;:1}");
    assertThat(check("{ \"a\": 1 }", headers, secret))
        .contains("without spaces")
        .contains("msg_1." + now + ".{&quot;a&quot;:1}");
    assertThat(check("{\"a\":2}", headers, secret)).contains("The signature is not valid.");
    assertThat(check("{\"a\":1}", "", secret)).contains("contain no webhook-id");
  }

  @Test
  void the_pages_speak_chinese_too() throws Exception {
    add("/webhooks");
    var page = "/webhooks/" + only();
    ada.form(page + "/disablement", Map.of());

    for (var path : new String[] {"/webhooks", page, "/webhooks/try"}) {
      assertThat(inChinese(path).body()).contains("检查签名").doesNotContain("??");
    }
    assertThat(inChinese(page).body()).contains("停用了此 Webhook");
  }

  private HttpResponse<String> inChinese(String path) throws Exception {
    return ada.http()
        .send(
            HttpRequest.newBuilder(site().resolve(path)).header("Accept-Language", "zh-CN").build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> add(String path) throws Exception {
    return ada.form(
        path,
        Map.of(
            "url", receiver.url("/hook").toString(),
            "events", "job.succeeded",
            "description", "on call"));
  }

  private String check(String payload, String headers, String secret) throws Exception {
    return ada.form(
            "/webhooks/try", Map.of("payload", payload, "headers", headers, "secret", secret))
        .body();
  }

  private String only() throws Exception {
    return Api.json(ada.page("/api/v1/webhooks"))
        .required("webhooks")
        .get(0)
        .required("id")
        .asString();
  }

  private static String secret(HttpResponse<String> page) {
    var found = SECRET.matcher(page.body().replace("&#43;", "+"));
    assertThat(found.find()).as(page.body()).isTrue();
    return found.group();
  }
}
