package dev.example.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Nobody sees or moves the task of another person, and no other site presses a button. */
class YoursOnlyTest extends SiteTest {

  private static final List<String> ACTIONS = List.of("/watch-token", "/cancel");

  @Test
  void the_task_of_another_person_is_not_found() {
    var task = press("wait for it");
    var grace = new Browser(site).signIn("grace");

    var page = grace.get("/tasks/" + task.id());
    assertThat(page.statusCode()).isEqualTo(404);
    assertThat(page.body()).contains("Page not found").contains("Grace Hopper");
    for (var action : ACTIONS) {
      assertThat(grace.post("/tasks/" + task.id() + action, Map.of()).statusCode()).isEqualTo(404);
    }
    assertThat(grace.get("/").body()).doesNotContain(task.text());
    assertThat(reread(task).isOpen()).isTrue();
  }

  @Test
  void somebody_who_is_not_signed_in_gets_the_sign_in_page() {
    var task = press("wait for it");
    var nobody = new Browser(site);

    for (var path : List.of("/", "/tasks/" + task.id(), "/actuator/env")) {
      assertThat(Browser.location(nobody.get(path))).startsWith("/sign-in");
    }
    nobody.get("/sign-in");
    for (var path : List.of("/", "/tasks/" + task.id() + "/watch-token")) {
      assertThat(Browser.location(nobody.post(path, Map.of("text", "x")))).startsWith("/sign-in");
    }
  }

  @Test
  void each_post_of_a_page_needs_the_token_of_its_form() {
    var task = press("wait for it");

    for (var path : List.of("/", "/sign-out", "/tasks/" + task.id() + "/cancel")) {
      assertThat(ada.post(path, Map.of("text", "x", "_csrf", "")).statusCode()).isEqualTo(403);
    }
    assertThat(rows("task")).isEqualTo(1);
    assertThat(reread(task).isOpen()).isTrue();
  }

  @Test
  void the_owner_gets_a_watch_token_and_the_address_for_it() {
    var task = press("wait for it");

    var answer = ada.post("/tasks/" + task.id() + "/watch-token", Map.of());

    assertThat(answer.body())
        .contains("\"token\":\"bhw_" + task.jobId() + "\"")
        .contains("\"" + BEHALF.address() + "/api/v1/jobs/" + task.jobId() + "/events\"");
    assertThat(answer.headers().firstValue("Cache-Control").orElseThrow()).contains("no-store");
  }

  @Test
  void a_page_without_a_token_learns_whether_to_ask_again() {
    var task = press("wait for it");
    BEHALF.isAway = true;
    assertThat(ada.post("/tasks/" + task.id() + "/watch-token", Map.of()).statusCode())
        .isEqualTo(503);
    BEHALF.reset(); // the user is gone
    assertThat(ada.post("/tasks/" + task.id() + "/watch-token", Map.of()).statusCode())
        .isEqualTo(403);
    database.sql("update task set state = 'SUCCEEDED'").update();
    assertThat(ada.post("/tasks/" + task.id() + "/watch-token", Map.of()).statusCode())
        .isEqualTo(410);
  }

  @Test
  void the_owner_cancels_and_a_late_cancellation_is_explained() {
    var task = press("wait for it");

    ada.post("/tasks/" + task.id() + "/cancel", Map.of());
    assertThat(ada.get("/tasks/" + task.id()).body())
        .contains("Cancellation was requested.")
        .contains("Cancelled");

    var done = press("hello");
    ada.get("/tasks/" + done.id());
    ada.post("/tasks/" + done.id() + "/cancel", Map.of());
    assertThat(ada.get("/tasks/" + done.id()).body()).contains("Behalf refused: The job has ended");
  }

  @Test
  void a_page_names_the_only_addresses_that_its_script_may_call() {
    var policy = ada.get("/").headers().firstValue("Content-Security-Policy").orElseThrow();

    assertThat(policy)
        .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
        .contains("connect-src 'self' " + BEHALF.address() + ";")
        .doesNotContain("unsafe");
  }

  @Test
  void health_says_whether_behalf_answers_and_nothing_else_about_it() {
    var nobody = new Browser(site);
    assertThat(nobody.get("/actuator/health").body()).contains("\"behalf\":{\"status\":\"UP\"}");
    BEHALF.isAway = true;
    assertThat(nobody.get("/actuator/health").body()).contains("\"behalf\":{\"status\":\"DOWN\"}");
  }
}
