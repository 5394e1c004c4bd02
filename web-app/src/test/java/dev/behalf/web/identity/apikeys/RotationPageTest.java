package dev.behalf.web.identity.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.StrictJson;
import dev.behalf.testkit.Person;
import dev.behalf.web.WebAppTest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RotationPageTest extends WebAppTest {

  private Person ada;
  private String key;

  @BeforeEach
  void somebodyWithAKey() throws Exception {
    ada = signUp();
    var issued =
        ada.post(
            "/api/v1/keys",
            "{\"name\":\"a key\",\"environment\":\"test\",\"scopes\":[\"jobs:read\"]}"
                .getBytes(StandardCharsets.UTF_8));
    key = StrictJson.MAPPER.readTree(issued.body()).path("key").path("id").asString();
  }

  @Test
  void says_what_each_overlap_is_good_for_and_shows_the_new_key_once() throws Exception {
    assertThat(page()).contains("deployment brings the new key", "You do not know every program");

    var begun = rotate("24h");

    assertThat(begun)
        .containsPattern("id=\"secret\">bh_test_[0-9A-Za-z]{50}<")
        .contains("Both keys work");
    assertThat(page()).contains("Both keys work").doesNotContain("id=\"secret\"");
  }

  @Test
  void draws_the_calls_of_both_keys_and_lists_them() throws Exception {
    rotate("7d");
    count(key, 3);
    count(text("select replaced_by from accounts.api_keys where key_id = '" + key + "'"), 600);

    assertThat(page().replaceAll("\\s+", " "))
        .contains(
            "<rect class=\"old\" x=\"524\" y=\"118\" width=\"14\" height=\"2\">",
            "<rect class=\"fresh\" x=\"540\" y=\"0\" width=\"14\" height=\"120\">",
            "data-label=\"New key\">600</td>");
  }

  @Test
  void asks_to_finish_when_the_old_key_is_silent_and_not_before() throws Exception {
    rotate("24h");
    assertThat(page()).contains("was used recently").doesNotContain("class=\"primary\"");

    sql(
        "update accounts.api_keys set rotated_at = now() - interval '16 minutes' where key_id = '"
            + key
            + "'");
    assertThat(page()).contains("no longer used. You can end", "class=\"primary\"");

    sql(
        "insert into accounts.key_last_used (user_id, key_id, used_at, address, user_agent) values ('%s', '%s', now(), '192.0.2.7', 'curl')"
            .formatted(userId(ada), key));
    assertThat(page()).contains("was used recently", "192.0.2.7");
  }

  @Test
  void of_a_key_that_has_ended_leads_to_the_key() throws Exception {
    rotate("now");

    assertThat(ada.page("/keys/" + key + "/rotation").uri().getPath()).isEqualTo("/keys/" + key);
  }

  @Test
  void tells_beside_the_choice_what_is_missing() throws Exception {
    var answer = ada.form("/keys/" + key + "/rotation", Map.of("overlap", "never"));

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("id=\"overlap-fault\"", "Choose one of the options.");
  }

  private String page() throws Exception {
    return ada.page("/keys/" + key + "/rotation").body();
  }

  private String rotate(String overlap) throws Exception {
    return ada.form("/keys/" + key + "/rotation", Map.of("overlap", overlap, "silent_for", "24h"))
        .body();
  }

  private void count(String keyId, int calls) {
    sql(
        "insert into accounts.key_days (user_id, key_id, day, calls) values ('%s', '%s', (now() at time zone 'UTC')::date, %d)"
            .formatted(userId(ada), keyId, calls));
  }
}
