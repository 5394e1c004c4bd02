package dev.behalf.web.identity.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.ProblemCode;
import dev.behalf.web.WebAppTest;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.web.util.HtmlUtils;

/** What the documentation shows. Its examples are run by SnippetsTest, on a whole system. */
class DocsTest extends WebAppTest {

  private static final Pattern KEY = Pattern.compile("bh_test_[0-9A-Za-z]{50}");

  @Test
  void a_key_is_filled_in_for_who_asks_and_only_in_that_answer() throws Exception {
    var ada = signUp();

    assertThat(ada.page("/docs").body()).contains("bh_test_…");
    assertThat(KEY.matcher(ada.form("/docs", Map.of()).body()).find()).isTrue();
    assertThat(KEY.matcher(ada.page("/docs").body()).find()).isFalse();
    assertThat(
            text(
                "select environment || ' ' || scopes || ' ' || (expires_at < now() + interval '25 hours') from accounts.api_keys where name = 'First steps' and user_id = '"
                    + userId(ada)
                    + "'"))
        .isEqualTo("test jobs:read jobs:write usage:read true");
  }

  @Test
  void a_new_key_is_shown_with_examples_that_hold_it() throws Exception {
    var answer =
        signUp()
            .form("/keys", Map.of("name", "mine", "environment", "test", "scopes", "jobs:read"));

    for (var id : new String[] {"environment", "curl", "java", "python"}) {
      assertThat(key(example(answer, id))).isEqualTo(key(example(answer, "environment")));
    }
  }

  @ParameterizedTest
  @EnumSource
  void each_problem_has_a_page_in_each_language(ProblemCode code) throws Exception {
    for (var language : new String[] {"en", "zh-CN"}) {
      var answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(site().resolve("/docs/problems/" + code.wire()))
                      .header("Accept-Language", language)
                      .build(),
                  HttpResponse.BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body())
          .contains("<html lang=\"" + language + "\"", code.wire(), String.valueOf(code.status()))
          .doesNotContain("??");
    }
  }

  @Test
  void the_list_of_problems_leads_to_each_of_them() throws Exception {
    var list = signUp().page("/docs/problems").body();

    for (var code : ProblemCode.values()) {
      assertThat(list).contains("href=\"/docs/problems/" + code.wire() + "\"");
    }
  }

  private static String example(HttpResponse<String> page, String id) {
    var example =
        Pattern.compile("(?s)<pre[^>]*id=\"snippet-" + id + "\"[^>]*>(.*?)</pre>")
            .matcher(page.body());
    assertThat(example.find()).as(page.body()).isTrue();
    return HtmlUtils.htmlUnescape(example.group(1));
  }

  private static String key(String example) {
    var key = KEY.matcher(example);
    assertThat(key.find()).isTrue();
    return key.group();
  }
}
