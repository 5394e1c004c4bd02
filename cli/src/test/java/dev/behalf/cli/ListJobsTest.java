package dev.behalf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.client.FakeBehalf;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListJobsTest {

  @TempDir Path home;
  private FakeBehalf server;
  private Caller caller;

  @BeforeEach
  void start() throws Exception {
    server = new FakeBehalf();
    caller = Caller.of(home, server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void columns_stand_under_each_other_in_any_script() {
    server.then(
        200,
        "{\"jobs\":["
            + job(1, "succeeded", "我的包裹在哪里？", ",\"units\":7")
            + ","
            + job(2, "queued", "two\\nlines \\u001b[31mred", "")
            + "]}");

    var ended = caller.call("jobs");

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.lines())
        .containsExactly(
            "ID                                    STATE      OPERATION  CREATED (UTC)        UNITS  TEXT",
            "0190a5c8-0000-7000-8000-000000000001  succeeded  classify   2026-11-24 10:00:00      7  我的包裹在哪里？",
            "0190a5c8-0000-7000-8000-000000000002  queued     classify   2026-11-24 10:00:00         two lines \uFFFD[31mred");
  }

  @Test
  void names_of_keys_are_as_wide_as_they_look() {
    server.then(
        200,
        "{\"keys\":["
            + Answers.key("aaaaaaaaaaaa", "夜间导入", "active")
            + ","
            + Answers.key("bbbbbbbbbbbb", "nightly e\u0301", "revoked")
            + ","
            + Answers.key("cccccccccccc", "👨‍👩‍👧 🇨🇳", "active")
            + "]}");

    var lines = caller.call("keys").lines();

    // Four signs of two columns, nine of one, and two pictures with a space.
    assertThat(lines.get(1)).startsWith("aaaaaaaaaaaa  夜间导入   personal");
    assertThat(lines.get(2)).startsWith("bbbbbbbbbbbb  nightly e\u0301  personal");
    assertThat(lines.get(3)).startsWith("cccccccccccc  👨‍👩‍👧 🇨🇳      personal");
  }

  @Test
  void all_follows_the_cursor_to_the_end() {
    server
        .then(200, page(1, 100, "succeeded", "a"))
        .then(200, page(101, 100, "failed", "b"))
        .then(200, page(201, 3, "succeeded", null));

    var ended = caller.call("jobs", "--all", "--json");

    assertThat(ended.lines())
        .hasSize(203)
        .allSatisfy(line -> assertThat(line).startsWith("{\"id\":"));
    assertThat(server.asked.stream().map(FakeBehalf.Asked::line))
        .containsExactly(
            "GET /api/v1/jobs?limit=100",
            "GET /api/v1/jobs?limit=100&cursor=a",
            "GET /api/v1/jobs?limit=100&cursor=b");
  }

  @Test
  void no_more_is_asked_for_than_is_wanted() {
    server.then(200, page(1, 20, "succeeded", "a"));
    assertThat(caller.call("jobs", "--json").lines()).hasSize(20);

    assertThat(server.asked.stream().map(FakeBehalf.Asked::line))
        .containsExactly("GET /api/v1/jobs?limit=20");
  }

  @Test
  void a_filter_looks_through_pages_until_there_are_enough() {
    server.then(200, page(1, 100, "succeeded", "a")).then(200, page(101, 100, "failed", "b"));

    assertThat(caller.call("jobs", "--state", "failed", "--limit", "5", "--json").lines())
        .hasSize(5);
    assertThat(server.asked).hasSize(2);
    assertThat(caller.call("jobs", "--operation", "echo", "--json").out()).isEmpty();
  }

  @Test
  void a_filter_is_asked_of_the_server_in_its_own_words() {
    server.then(200, page(1, 3, "failed", null));

    assertThat(
            caller.call("jobs", "--state", "failed", "--operation", "classify", "--json").lines())
        .hasSize(3);
    assertThat(server.asked.getFirst().line())
        .isEqualTo("GET /api/v1/jobs?limit=100&q=state%3Afailed%2Crefused%20op%3Aclassify");
  }

  @Test
  void a_filter_without_matches_stops_after_a_thousand_and_says_so() {
    server.then(200, page(1, 100, "succeeded", "a"));

    var ended = caller.call("jobs", "--state", "failed");

    assertThat(server.asked).hasSize(10);
    assertThat(ended.err()).contains("Older jobs were not searched", "--all", "No jobs found");
    assertThat(ended.code()).isZero();
  }

  private static String page(
      int first, int count, String state, @org.jspecify.annotations.Nullable String next) {
    return IntStream.range(first, first + count)
        .mapToObj(i -> job(i, state, "text " + i, ""))
        .collect(
            Collectors.joining(
                ",",
                "{\"jobs\":[",
                "]" + (next == null ? "" : ",\"next\":\"" + next + "\"") + "}"));
  }

  private static String job(int number, String state, String text, String more) {
    return Answers.job(
        "0190a5c8-0000-7000-8000-%012d".formatted(number), state, text, List.of("submitted"), more);
  }
}
