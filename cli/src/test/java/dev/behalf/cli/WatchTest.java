package dev.behalf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.client.FakeBehalf;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Way, drawn as it comes. */
class WatchTest {

  private static final String WAITS = ",\"waiting\":{\"reason\":\"turn\",\"ahead\":12}";

  @TempDir Path home;
  private FakeBehalf server;

  @BeforeEach
  void start() throws Exception {
    server = new FakeBehalf();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_pipe_gets_a_line_for_each_change_and_the_result_last() {
    server
        .then(200, Answers.job("queued", 1, WAITS))
        .then(200, Answers.job("queued", 1, WAITS))
        .then(200, Answers.job("running", 3, ""))
        .thenProblem(503, "unavailable")
        .then(200, Answers.succeeded());

    var ended = Caller.of(home, server).call("watch", Answers.ID);

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.lines())
        .containsExactly(
            "job " + Answers.ID + "  classify, test",
            "● submitted   10:00:00.100",
            "◌ waits for its turn, 12 of your jobs ahead",
            "● dispatched  10:00:00.127    +27 ms",
            "● taken       10:00:00.154    +27 ms",
            "● key found   10:00:00.181    +27 ms",
            "● answered    10:00:00.208    +27 ms",
            "● settled     10:00:00.235    +27 ms",
            "✓ succeeded after 200 ms, 7 units",
            "{\"label\":\"a\",\"scores\":[]}");
  }

  @Test
  void a_second_attempt_is_seen_with_the_reason() {
    var way = new ArrayList<>(Answers.WAY);
    var again = new ArrayList<>(way);
    again.addAll(Answers.WAY.subList(1, 6));
    server
        .then(
            200,
            Answers.job(
                Answers.ID, "queued", "a", way, ",\"code\":\"unavailable\",\"detail\":\"Later.\""))
        .then(200, Answers.job(Answers.ID, "succeeded", "a", again, ",\"units\":1,\"result\":{}"));

    var ended = Caller.of(home, server).call("watch", Answers.ID);

    assertThat(ended.lines()).containsSubsequence("! unavailable: Later.", "↻ attempt 2");
    assertThat(ended.out()).contains("1 unit\n");
  }

  @Test
  void the_exit_code_is_the_end_of_the_job() {
    server.then(200, Answers.failed());
    assertThat(Caller.of(home, server).call("watch", Answers.ID).code()).isEqualTo(1);
    try (var other = new FakeBehalf().then(200, Answers.job("cancelled", 1, ""))) {
      assertThat(Caller.of(home, other).call("watch", Answers.ID).code()).isEqualTo(1);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void json_is_a_line_for_each_change() {
    server
        .then(200, Answers.job("queued", 1, ""))
        .then(200, Answers.job("queued", 1, ""))
        .then(200, Answers.succeeded());

    var ended = Caller.of(home, server).call("watch", Answers.ID, "--json");

    assertThat(ended.lines()).containsExactly(Answers.job("queued", 1, ""), Answers.succeeded());
  }

  @Test
  void a_terminal_gets_colours_and_a_line_that_changes() {
    server.then(200, Answers.job("queued", 1, WAITS)).then(200, Answers.succeeded());

    var ended = Caller.of(home, server).atATerminal().call("watch", Answers.ID);

    assertThat(ended.out()).contains("\033[32m✓ succeeded", "◌ waits for its turn", "\r\033[K");
    assertThat(ended.out()).endsWith("{\"label\":\"a\",\"scores\":[]}\n");
  }

  @Test
  void nobody_gets_colours_who_does_not_want_them() {
    for (var variables :
        List.of(List.of("NO_COLOR", "1"), List.of("TERM", "dumb"), List.of("NO_COLOR", "0"))) {
      server.then(200, Answers.succeeded());
      var caller =
          Caller.of(home, server).atATerminal().with(variables.getFirst(), variables.getLast());

      assertThat(caller.call("watch", Answers.ID).out())
          .as("%s", variables)
          .doesNotContain("\033[3");
      assertThat(caller.call("help", "watch").out()).as("%s", variables).doesNotContain("\033[");
    }
    assertThat(Caller.of(home, server).call("watch", Answers.ID).out()).doesNotContain("\033");
    assertThat(
            Caller.of(home, server)
                .atATerminal()
                .with("NO_COLOR", "")
                .call("watch", Answers.ID)
                .out())
        .contains("\033[32m");
  }
}
