package dev.behalf.cli;

import static dev.behalf.cli.Caller.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.client.FakeBehalf;
import dev.behalf.contract.StrictJson;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysTest {

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
  void the_text_of_a_new_key_is_alone_on_the_standard_output() {
    server.then(201, issued(""));

    var ended =
        caller.call(
            "keys",
            "create",
            "nightly",
            "--test",
            "--scope",
            "jobs:read,keys:read",
            "--expires",
            "2027-01-31",
            "--network",
            "192.0.2.0/24",
            "--daily-cap",
            "500");

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out()).isEqualTo(KEY + "\n");
    assertThat(ended.err()).contains("nightly", "never again").doesNotContain(KEY.substring(20));
    assertThat(server.asked.getFirst().line()).isEqualTo("POST /api/v1/keys");
    assertThat(StrictJson.MAPPER.readTree(server.asked.getFirst().body()))
        .isEqualTo(
            StrictJson.MAPPER.readTree(
                """
                {"name":"nightly","environment":"test","scopes":["jobs:read","keys:read"],
                 "expires_at":"2027-01-31T00:00:00Z","networks":["192.0.2.0/24"],"daily_cap":500}
                """));
  }

  @Test
  void without_options_it_may_do_what_a_script_needs() {
    server.then(201, issued(""));

    caller.call("keys", "create", "nightly");

    assertThat(StrictJson.MAPPER.readTree(server.asked.getFirst().body()))
        .isEqualTo(
            StrictJson.MAPPER.readTree(
                "{\"name\":\"nightly\",\"scopes\":[\"jobs:read\",\"jobs:write\",\"usage:read\"]}"));
  }

  @Test
  void a_key_is_not_issued_twice() {
    server.thenProblem(503, "unavailable");

    assertThat(caller.call("keys", "create", "nightly").code()).isEqualTo(5);
    assertThat(server.asked).hasSize(1);
  }

  @Test
  void a_rotation_hands_over_the_successor() {
    server.then(201, issued(",\"old\":" + Answers.key("aaaaaaaaaaaa", "nightly", "rotating")));

    var ended =
        caller.call(
            "keys", "rotate", "aaaaaaaaaaaa", "--overlap", "until_silent", "--silent-for", "1h");

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out()).isEqualTo(KEY + "\n");
    assertThat(ended.err()).contains("aaaaaaaaaaaa is rotating");
    assertThat(server.asked.getFirst().line()).isEqualTo("POST /api/v1/keys/aaaaaaaaaaaa/rotation");
    assertThat(server.asked.getFirst().body())
        .isEqualTo("{\"overlap\":\"until_silent\",\"silent_for\":\"1h\"}");
  }

  @Test
  void a_managed_key_has_no_text_to_show() {
    server.then(
        201,
        "{\"key\":%s,\"old\":%s}"
            .formatted(
                Answers.key("bbbbbbbbbbbb", "workers", "active"),
                Answers.key("aaaaaaaaaaaa", "workers", "rotating")));

    var ended = caller.call("keys", "rotate", "aaaaaaaaaaaa");

    assertThat(ended.code()).isZero();
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).contains("not shown");
    assertThat(server.asked.getFirst().body()).isEqualTo("{\"overlap\":\"24h\"}");
  }

  @Test
  void a_revocation_says_what_the_key_is_now() {
    server.then(200, Answers.key("aaaaaaaaaaaa", "nightly", "revoked"));

    var ended = caller.call("keys", "revoke", "aaaaaaaaaaaa");

    assertThat(ended.out()).isEqualTo("aaaaaaaaaaaa is revoked.\n");
    assertThat(server.asked.getFirst().line())
        .isEqualTo("POST /api/v1/keys/aaaaaaaaaaaa/revocation");
  }

  private static String issued(String more) {
    return "{\"secret\":\"%s\",\"key\":%s%s}"
        .formatted(KEY, Answers.key("bbbbbbbbbbbb", "nightly", "active"), more);
  }
}
