package dev.behalf.cli;

import static dev.behalf.cli.Caller.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.client.FakeBehalf;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How commands end, and that no key is in what they say. */
class ExitTest {

  @TempDir Path home;

  @ParameterizedTest
  @CsvSource({
    "400,2", "401,3", "403,3", "404,4", "409,1", "413,2", "422,2", "429,6", "500,5", "503,5",
    "599,5"
  })
  void each_status_has_its_code(int status, int code) throws Exception {
    try (var server = new FakeBehalf().thenProblem(status, "a_code")) {
      for (var arguments :
          List.of(
              List.of("usage"),
              List.of("jobs"),
              List.of("job", Answers.ID),
              List.of("cancel", Answers.ID),
              List.of("retry", Answers.ID),
              List.of("keys"),
              List.of("keys", "revoke", "000000000000"))) {
        var ended = Caller.of(home, server).call(arguments.toArray(String[]::new));

        assertThat(ended.code()).as("%s", arguments).isEqualTo(code);
        assertThat(ended.err()).contains("A title (a_code)", "What to do.", "request id 4bf92f");
        assertThat(ended.out()).isEmpty();
      }
    }
  }

  @Test
  void where_nothing_answers_it_is_5() throws Exception {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    var ended =
        new Caller(home)
            .with("BEHALF_SERVER", "http://127.0.0.1:" + port)
            .with("BEHALF_API_KEY", KEY)
            .call("jobs");

    assertThat(ended.code()).isEqualTo(5);
    assertThat(ended.err()).contains("could not be reached", "no server answers there");
  }

  @Test
  void what_is_no_behalf_is_5() throws Exception {
    for (var body : List.of("<html>", "[]", "", "{\"jobs\":[{}]}", "{}")) {
      try (var server = new FakeBehalf().then(200, body)) {
        var ended = Caller.of(home, server).call("jobs");
        assertThat(ended.code()).as(body).isEqualTo(5);
        assertThat(ended.err()).as(body).startsWith("behalf: ").doesNotContain("Exception");
      }
    }
  }

  @Test
  void a_key_does_not_follow_a_redirect() throws Exception {
    try (var other = new FakeBehalf().then(200, "{\"usage\":[]}");
        var server = new FakeBehalf().then(302, "", "Location", other.address())) {
      var ended = Caller.of(home, server).call("usage");

      assertThat(ended.code()).isEqualTo(5);
      assertThat(ended.err()).contains(other.address());
      assertThat(other.asked).isEmpty();
    }
  }

  @Test
  void without_a_sign_in_it_is_3_and_says_what_to_do() {
    var ended = new Caller(home).call("jobs");

    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.err()).contains("behalf login", "BEHALF_API_KEY");
  }

  @Test
  void wrong_usage_is_2_and_leads_to_the_help() {
    for (var arguments :
        List.of(
            List.of("fly"),
            List.of("jobs", "--frob"),
            List.of("jobs", "--limit", "many"),
            List.of("jobs", "--limit", "0"),
            List.of("jobs", "--state", "succeded"),
            List.of("job"),
            List.of("job", "../keys"),
            List.of("keys", "rotate", "../../me"),
            List.of("keys", "create"),
            List.of("submit", "echo", "--text", "a", "--not-before", "tomorrow"))) {
      var ended =
          new Caller(home)
              .with("BEHALF_API_KEY", KEY)
              .with("BEHALF_SERVER", "http://localhost:1")
              .call(arguments.toArray(String[]::new));
      assertThat(ended.code()).as("%s", arguments).isEqualTo(2);
      assertThat(ended.err()).startsWith("behalf: ");
      assertThat(ended.out()).isEmpty();
    }
    assertThat(new Caller(home).call("keys", "create", "nightly", "--frob").err())
        .contains("Unknown option: '--frob'", "behalf keys create --help");
  }

  @Test
  void no_error_repeats_a_key_or_does_something_to_the_terminal() throws Exception {
    var echo =
        "{\"title\":\"\\u001b[2J %s\",\"detail\":\"%s\\u202e\",\"code\":\"internal\"}"
            .formatted(KEY, KEY);
    try (var server = new FakeBehalf().then(400, echo)) {
      for (var arguments : List.of(List.of("usage"), List.of("submit", "echo", "--text", "a"))) {
        var ended = Caller.of(home, server).call(arguments.toArray(String[]::new));
        assertThat(ended.out() + ended.err())
            .doesNotContain(KEY.substring(20))
            .doesNotContain("\033", "\u202e");
      }
    }
  }

  @Test
  void help_is_there_for_each_command_and_names_the_codes() {
    for (var command :
        List.of(
            "login", "logout", "submit", "watch", "jobs", "job", "cancel", "retry", "keys",
            "usage")) {
      var help = new Caller(home).call("help", command);
      assertThat(help.code()).isZero();
      assertThat(help.out()).contains("behalf " + command, "Exit codes:", "not signed in");
      assertThat(new Caller(home).call(command, "--help").out()).isEqualTo(help.out());
    }
    assertThat(new Caller(home).call("keys", "rotate", "--help").out()).contains("--overlap");
    assertThat(new Caller(home).call().out()).contains("login", "submit", "watch");
  }
}
