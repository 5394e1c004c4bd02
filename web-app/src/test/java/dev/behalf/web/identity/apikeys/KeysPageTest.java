package dev.behalf.web.identity.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.testkit.Person;
import dev.behalf.web.Api;
import dev.behalf.web.WebAppTest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeysPageTest extends WebAppTest {

  private Person ada;

  @BeforeEach
  void somebody() throws Exception {
    ada = signUp();
  }

  @Test
  void without_a_key_of_ones_own_the_list_says_what_keys_are_for_and_folds_managed_ones()
      throws Exception {
    assertThat(list())
        .contains("No API keys yet.", "href=\"/keys/new\"", "<summary>2 managed keys</summary>")
        .containsOnlyOnce("<table");
  }

  @Test
  void a_key_has_its_calls_as_a_chart_and_its_last_use_in_words() throws Exception {
    var key = issue();
    sql(
        """
        insert into accounts.key_days (user_id, key_id, day, calls)
        values ('%1$s', '%2$s', (now() at time zone 'UTC')::date, 1200);
        insert into accounts.key_refusals (user_id, key_id, day, reason, calls)
        values ('%1$s', '%2$s', (now() at time zone 'UTC')::date, 'address', 3);
        insert into accounts.key_last_used (user_id, key_id, used_at, address, user_agent)
        values ('%1$s', '%2$s', now() - interval '3 hours 10 minutes', '192.0.2.7', 'curl')
        """
            .formatted(userId(ada), key));

    assertThat(list())
        .contains(
            "<title>1,200 calls and 3 refused in 30 days, at most 1,203 on one day</title>",
            "<path class=\"refused\" d=\"M116",
            ">3 hours ago</time>");
  }

  @Test
  void a_form_with_a_fault_is_shown_again_as_it_was_filled_in() throws Exception {
    var answer =
        ada.form(
            "/keys",
            Map.of(
                "name", "nightly", "environment", "live", "scopes", "jobs:read", "networks", "x"));

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body())
        .contains("The key was not created.", "value=\"nightly\"", "action=\"/keys?form=");
    assertThat(ada.page("/keys/new").body()).contains("action=\"/keys?form=");
  }

  private String list() throws Exception {
    return ada.page("/keys").body();
  }

  private String issue() throws Exception {
    return Api.json(
            ada.post(
                "/api/v1/keys",
                "{\"name\":\"a key\",\"environment\":\"live\",\"scopes\":[\"jobs:read\"]}"
                    .getBytes(StandardCharsets.UTF_8)))
        .required("key")
        .required("id")
        .asString();
  }
}
