package dev.behalf.web.site.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.StrictJson;
import dev.behalf.testkit.Person;
import dev.behalf.web.WebAppTest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each page in each language. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PagesTest extends WebAppTest {

  private Person ada;
  private String key;
  private String turning;

  @BeforeAll
  void somebodyWithKeys() throws Exception {
    ada = signUp();
    key = issue();
    turning = issue();
    ada.form(
        "/keys/" + turning + "/rotation", Map.of("overlap", "until_silent", "silent_for", "1h"));
    for (var reason : new String[] {"malformed", "expired", "wrong_secret"}) {
      sql(
          "insert into accounts.key_refusals (user_id, key_id, day, reason, calls) values ('%s', '%s', current_date, '%s', 2)"
              .formatted(userId(ada), key, reason));
    }
    ada.form(
        "/applications",
        Map.of(
            "name", "Garden planner",
            "kind", "public",
            "redirect_uris", "https://garden.example/back",
            "scopes", "jobs:read"));
  }

  static Stream<Arguments> pages() {
    return Stream.of(
            "200 /signin?fault",
            "200 /signin?throttled",
            "200 /signin?provider_fault",
            "200 /signin?provider_unknown",
            "200 /signin?expired",
            "200 /signin?deleted",
            "200 /signin?signedout",
            "200 /signup",
            "200 /settings",
            "200 /settings/retention",
            "200 /activity",
            "200 /activity?before=1",
            "200 /keys",
            "200 /keys/new",
            "200 /keys/KEY",
            "200 /keys/KEY/requests",
            "200 /keys/TURNING",
            "200 /keys/KEY/rotation",
            "200 /keys/TURNING/rotation",
            "200 /applications",
            "200 /applications/new",
            "200 /docs",
            "200 /docs/api",
            "200 /docs/problems",
            "200 /docs/problems/quota_exceeded",
            "404 /keys/0000000000ab",
            "404 /nothing")
        .flatMap(page -> Stream.of(Arguments.of(page, "en"), Arguments.of(page, "zh-CN")));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void is_drawn_in_the_language_that_the_browser_asks_for(String page, String language)
      throws Exception {
    var parts = page.split(" ", 2);

    var answer = get(ada, parts[1].replace("KEY", key).replace("TURNING", turning), language);

    assertThat(answer.statusCode()).isEqualTo(Integer.parseInt(parts[0]));
    assertDrawn(answer, language);
  }

  @Test
  void a_fault_is_told_in_the_language_of_the_reader() throws Exception {
    var english = form(ada, "/keys", "name=&environment=test&scopes=jobs:read", "en");
    var chinese = form(ada, "/keys", "name=&environment=test&scopes=jobs:read", "zh-CN");
    var application = form(ada, "/applications", "name=a&scopes=jobs:read", "zh-CN");
    var again = form(ada, "/signup", "email=nobody&password=short", "zh-CN");

    for (var answer : new HttpResponse<?>[] {english, chinese, application, again}) {
      assertThat(answer.statusCode()).isEqualTo(422);
    }
    assertThat(english.body()).contains("Enter a name of 1 to 80 characters.");
    assertThat(chinese.body()).contains("请输入 1 到 80 个字符的名称。");
    assertThat(application.body()).contains("1 到 10 个地址");
    assertThat(again.body()).contains("12 到 128 个字符的密码");
    assertDrawn(chinese, "zh-CN");
  }

  @Test
  void an_error_says_what_to_do_and_that_it_costs_nothing_and_knows_the_reader() throws Exception {
    var answer = get(ada, "/nothing", "zh-TW");

    assertThat(answer.body()).contains("未找到", "请检查地址", "此请求没有产生计费", ada.email());
  }

  @Test
  void the_page_of_the_api_leads_to_its_description_without_a_script() throws Exception {
    var page = get(ada, "/docs/api", "en").body();

    assertThat(page.substring(0, page.indexOf("id=\"explorer\"")))
        .contains("is described in OpenAPI 3.1:", "href=\"/api/v1/openapi.json\"");
  }

  private static void assertDrawn(HttpResponse<String> answer, String language) {
    assertThat(answer.body())
        .contains("<html lang=\"" + language + "\"")
        .doesNotContain("??")
        .doesNotContain("th:");
    if (!language.equals("en")) {
      var page = answer.body();
      var main = page.substring(page.indexOf("<main"), page.indexOf("</main>"));
      assertThat(main.replaceAll("<[^>]*>", " ")).containsPattern("\\p{IsHan}");
    }
  }

  private String issue() throws Exception {
    var answer =
        ada.post(
            "/api/v1/keys",
            "{\"name\":\"a key\",\"environment\":\"test\",\"scopes\":[\"jobs:read\"],\"daily_cap\":1}"
                .getBytes(StandardCharsets.UTF_8));
    return StrictJson.MAPPER.readTree(answer.body()).path("key").path("id").asString();
  }

  private HttpResponse<String> get(Person person, String path, String language) throws Exception {
    return send(person, HttpRequest.newBuilder(site().resolve(path)), language);
  }

  private HttpResponse<String> form(Person person, String path, String body, String language)
      throws Exception {
    return send(
        person,
        HttpRequest.newBuilder(site().resolve(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("_csrf=" + person.token() + "&" + body)),
        language);
  }

  private static HttpResponse<String> send(
      Person person, HttpRequest.Builder request, String language) throws Exception {
    return person
        .http()
        .send(
            request.header("Accept-Language", language).build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
