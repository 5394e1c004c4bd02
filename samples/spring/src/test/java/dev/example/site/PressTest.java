package dev.example.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

/** The button: one job for the right person, after the commit, also if Behalf is away. */
class PressTest extends SiteTest {

  @Test
  void a_press_submits_one_job_for_the_person_who_is_signed_in() {
    var task = press("hello there");

    assertThat(BEHALF.users()).containsExactly(ADA);
    assertThat(BEHALF.user(ADA).submitted()).hasSize(1);
    var job = BEHALF.user(ADA).submitted().getFirst();
    assertThat(job.required("payload").toString())
        .isEqualTo("{\"operation\":\"capitals\",\"text\":\"hello there\"}");
    assertThat(job.required("environment").asString()).isEqualTo("test");
    assertThat(job.required("metadata").toString()).isEqualTo("{\"task\":\"" + task.id() + "\"}");
    assertThat(BEHALF.idempotencyKeys).containsExactly(task.id().toString());
    assertThat(rows("behalf_outbox")).isZero();
  }

  @Test
  void the_first_press_of_a_person_puts_the_user_with_name_and_quota() {
    press("hello");

    assertThat(BEHALF.properties.get(ADA).toString())
        .isEqualTo("{\"name\":\"Ada Lovelace\",\"quota\":{\"test\":5000}}");
  }

  @Test
  void a_request_leaves_after_the_commit_and_not_before(
      @Autowired TransactionTemplate transaction,
      @Autowired Button button,
      @Autowired People people) {
    press("hello");
    var id = UUID.randomUUID();

    transaction.executeWithoutResult(
        status -> {
          button.press(id, ada(people), "in a transaction");
          assertThat(rows("behalf_outbox")).isEqualTo(1);
          assertThat(BEHALF.user(ADA).submitted()).hasSize(1);
        });

    await().until(() -> BEHALF.user(ADA).submitted().size() == 2);
  }

  @Test
  void a_press_that_is_rolled_back_submits_nothing(
      @Autowired TransactionTemplate transaction,
      @Autowired Button button,
      @Autowired People people) {
    press("hello");
    var id = UUID.randomUUID();

    assertThatThrownBy(
            () ->
                transaction.executeWithoutResult(
                    status -> {
                      button.press(id, ada(people), "rolled back");
                      throw new IllegalStateException("no");
                    }))
        .hasMessage("no");

    assertThat(tasks.find(id)).isEmpty();
    assertThat(rows("behalf_outbox")).isZero();
    press("another");
    assertThat(BEHALF.user(ADA).submitted()).hasSize(2);
  }

  @Test
  void a_double_click_is_one_press() {
    ada.get("/");
    var first = Browser.location(ada.post("/", Map.of("text", "hello")));
    assertThat(Browser.location(ada.post("/", Map.of("text", "hello")))).isEqualTo(first);
    assertThat(Browser.location(ada.post("/", Map.of("text", "hello again")))).isNotEqualTo(first);
    var press = ada.hidden.get("press");
    var grace = new Browser(site).signIn("grace");
    grace.post("/", Map.of("text", "hello", "press", press));

    assertThat(rows("task")).isEqualTo(3);
    await().until(() -> BEHALF.idempotencyKeys.size() == 3);
  }

  @Test
  void a_text_that_is_empty_or_too_long_is_not_stored() {
    assertThat(ada.post("/", Map.of("text", " ")).body()).contains("Enter a text.");
    assertThat(ada.post("/", Map.of("text", "x".repeat(2_001))).body()).contains("at most 2,000");
    assertThat(rows("task")).isZero();
    assertThat(BEHALF.users()).isEmpty();
  }

  @Test
  void a_press_while_behalf_is_away_is_sent_later_and_once() {
    press("hello");
    BEHALF.isAway = true;
    var id = pressed("while it is away");
    assertThat(ada.get("/tasks/" + id).body()).contains("Sending").contains("not available");
    assertThat(rows("behalf_outbox")).isEqualTo(1);

    BEHALF.isAway = false;

    await().until(() -> rows("behalf_outbox") == 0);
    // The page finds the job, which the outbox has sent.
    assertThat(ada.get("/tasks/" + id).body()).doesNotContain("Sending");
    await().untilAsserted(() -> assertThat(page(id)).contains("WHILE IT IS AWAY"));
    assertThat(BEHALF.user(ADA).submitted()).hasSize(2);
  }

  @Test
  void the_first_press_of_a_person_needs_behalf_and_keeps_the_text() {
    BEHALF.isAway = true;

    var answer = ada.post("/", Map.of("text", "keep me"));

    assertThat(answer.body()).contains("keep me").contains("Behalf is not available.");
    assertThat(rows("task")).isZero();
  }

  @Test
  void a_refusal_is_shown() {
    database.sql("insert into person (external_id) values (?)").param(ADA).update();
    var id = pressed("hello");
    await().untilAsserted(() -> assertThat(page(id)).contains("Behalf refused: There is no such"));
  }

  @Test
  void a_page_shows_the_end_without_a_script() {
    var task = press("hello there");

    await().untilAsserted(() -> assertThat(page(task.id())).contains("HELLO THERE"));
    assertThat(page(task.id())).contains("Charged: 1 unit.").doesNotContain("task.js");
  }

  private String page(UUID id) {
    return ada.get("/tasks/" + id).body();
  }

  private static Person ada(People people) {
    return (Person) people.loadUserByUsername("ada");
  }
}
