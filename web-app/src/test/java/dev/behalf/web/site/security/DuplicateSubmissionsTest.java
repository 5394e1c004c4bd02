package dev.behalf.web.site.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.testkit.Person;
import dev.behalf.web.Api;
import dev.behalf.web.WebAppTest;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** A double click, and a reload of what it has led to. */
class DuplicateSubmissionsTest extends WebAppTest {

  private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

  @Test
  void a_double_click_at_sign_in_leads_home_both_times() throws Exception {
    var ada = signUp();
    for (int times = 0; times < 5; times++) {
      var browser = Person.at(site(), ada.email());
      var page = browser.page("/signin").body();

      var answers =
          twice(browser, page, "/signin", Map.of("email", ada.email(), "password", PASSWORD));

      assertThat(answers).allMatch(answer -> answer.uri().getPath().equals("/home"));
    }
  }

  @Test
  void a_double_click_at_sign_up_makes_one_account_and_leads_home() throws Exception {
    var email = java.util.UUID.randomUUID() + "@example.com";
    var browser = Person.at(site(), email);
    var page = browser.page("/signup").body();

    var answers = twice(browser, page, "/signup", Map.of("email", email, "password", PASSWORD));

    assertThat(answers).allMatch(answer -> answer.uri().getPath().equals("/home"));
    assertThat(number("select count(*) from accounts.users where email = '" + email + "'"))
        .isEqualTo(1);
  }

  @Test
  void a_key_is_issued_once_and_shown_to_both_clicks() throws Exception {
    var ada = signUp();
    var page = ada.page("/keys/new").body();
    var fields = Map.of("name", "twice", "environment", "live", "scopes", "jobs:read");

    var answers = twice(ada, page, "/keys", fields);

    assertThat(answers).allMatch(answer -> answer.body().contains("bh_live_"));
    assertThat(answers.getFirst().body()).isEqualTo(answers.getLast().body());
    assertThat(keys(ada)).isEqualTo(1);
    // The answer is loaded again.
    send(ada, action(page, "/keys"), page, fields);
    assertThat(keys(ada)).isEqualTo(1);
  }

  @Test
  void changed_after_the_back_button_it_is_another_form() throws Exception {
    var ada = signUp();
    var page = ada.page("/keys/new").body();
    var action = action(page, "/keys");

    send(ada, action, page, Map.of("name", "one", "environment", "live", "scopes", "jobs:read"));
    send(ada, action, page, Map.of("name", "two", "environment", "live", "scopes", "jobs:read"));

    assertThat(keys(ada)).isEqualTo(2);
  }

  @Test
  void a_file_that_is_sent_twice_is_one_upload() throws Exception {
    var ada = signUp();
    var action = action(ada.page("/batches/new").body(), "/batches");
    var body =
        "--line\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jsonl\"\r\n\r\n%s\r\n--line--\r\n"
            .formatted("{\"operation\":\"echo\",\"text\":\"once\"}");
    Callable<HttpResponse<String>> upload =
        () ->
            ada.http()
                .send(
                    HttpRequest.newBuilder(site().resolve(action))
                        .header("Content-Type", "multipart/form-data; boundary=line")
                        .header("X-CSRF-TOKEN", ada.token())
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                    HttpResponse.BodyHandlers.ofString());

    var answers = both(upload);

    assertThat(answers.getFirst().uri()).isEqualTo(answers.getLast().uri());
    assertThat(number("select count(*) from jobs.uploads where user_id = '" + userId(ada) + "'"))
        .isEqualTo(1);
  }

  @Test
  void what_comes_with_a_made_up_cookie_is_answered_and_not_kept() throws Exception {
    var forms = new DuplicateSubmissions("behalf");
    var answered = new AtomicInteger();
    for (var hasSession : new boolean[] {false, false, true, true}) {
      var request = new MockHttpServletRequest("POST", "/receipts/check");
      request.setQueryString("form=00000000-0000-0000-0000-000000000000");
      request.setCookies(new Cookie("behalf", "any"));

      forms.doFilter(
          request,
          new MockHttpServletResponse(),
          (inner, response) -> {
            DuplicateSubmissions.keepIf(hasSession, (HttpServletRequest) inner);
            answered.incrementAndGet();
          });
    }

    assertThat(answered).as("twice for nobody, once for a session").hasValue(3);
  }

  @Test
  void another_browser_gets_nothing_of_it() throws Exception {
    var ada = signUp();
    var eve = signUp();
    var page = ada.page("/keys/new").body();
    var fields = Map.of("name", "mine", "environment", "live", "scopes", "jobs:read");
    var secret = send(ada, action(page, "/keys"), page, fields);

    var hers = send(eve, action(page, "/keys"), eve.page("/keys/new").body(), fields);

    assertThat(hers.body()).isNotEqualTo(secret.body());
    assertThat(keys(eve)).isEqualTo(1);
  }

  @Test
  void who_comes_with_a_key_gets_the_answer_of_nobody_else() throws Exception {
    var asked = "{\"name\":\"issued\",\"environment\":\"live\",\"scopes\":[\"keys:write\"]}";
    var path = "/api/v1/keys?form=00000000-0000-0000-0000-000000000000";
    var answers = new ArrayList<String>();
    for (var person : List.of(signUp(), signUp())) {
      var key =
          Api.json(
                  person.post(
                      "/api/v1/keys",
                      "{\"name\":\"minter\",\"environment\":\"live\",\"scopes\":[\"keys:write\"]}"
                          .getBytes(StandardCharsets.UTF_8)))
              .required("secret")
              .asString();
      answers.add(Api.withKey(site(), key).post(path, asked).body());
    }

    assertThat(answers.getFirst()).contains("bh_live_").isNotEqualTo(answers.getLast());
  }

  @Test
  void a_password_is_changed_once() throws Exception {
    var ada = signUp();
    var page = ada.page("/settings").body();

    var answers =
        twice(
            ada,
            page,
            "/settings/password",
            Map.of("current_password", PASSWORD, "new_password", "staple battery horse correct"));

    assertThat(answers)
        .allMatch(answer -> answer.statusCode() == 200)
        .allMatch(answer -> answer.body().contains("Your password was changed"));
  }

  private static long keys(Person person) {
    return number(
        "select count(*) from accounts.api_keys where kind = 'personal' and user_id = '"
            + userId(person)
            + "'");
  }

  private List<HttpResponse<String>> twice(
      Person person, String page, String path, Map<String, String> fields) throws Exception {
    var action = action(page, path);
    return both(() -> send(person, action, page, fields));
  }

  private static List<HttpResponse<String>> both(Callable<HttpResponse<String>> click)
      throws Exception {
    try (var threads = Executors.newFixedThreadPool(2)) {
      var answers = new ArrayList<HttpResponse<String>>();
      for (Future<HttpResponse<String>> answer : threads.invokeAll(List.of(click, click))) {
        answers.add(answer.get());
      }
      return answers;
    }
  }

  private HttpResponse<String> send(
      Person person, String action, String page, Map<String, String> fields) throws Exception {
    var token = TOKEN.matcher(page);
    assertThat(token.find()).isTrue();
    var body =
        fields.entrySet().stream()
            .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
            .collect(Collectors.joining("&", "_csrf=" + encode(token.group(1)) + "&", ""));
    HttpClient http = person.http();
    return http.send(
        HttpRequest.newBuilder(site().resolve(action))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** As the form on the page has it, with its id. */
  private static String action(String page, String path) {
    var action =
        Pattern.compile("action=\"(" + Pattern.quote(path) + "\\?form=[0-9a-f-]{36})\"")
            .matcher(page);
    assertThat(action.find()).as(path).isTrue();
    return action.group(1);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
