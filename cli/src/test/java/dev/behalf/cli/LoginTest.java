package dev.behalf.cli;

import static dev.behalf.cli.Caller.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.client.FakeBehalf;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a key comes from, where it is kept, and where it goes. */
class LoginTest {

  @TempDir Path home;
  private FakeBehalf server;

  @BeforeEach
  void start() throws Exception {
    server = new FakeBehalf().then(200, Answers.ME);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_piped_key_is_checked_and_kept_for_its_owner_alone() throws Exception {
    var ended =
        new Caller(home).piping(KEY + "\n").call("login", "--server", server.address() + "/");

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out())
        .contains(
            "Signed in to " + server.address(), "test key 000000000000", "jobs:read jobs:write");
    assertThat(server.asked).hasSize(1);
    assertThat(server.asked.getFirst().line()).isEqualTo("GET /api/v1/me");
    assertThat(server.asked.getFirst().authorization()).isEqualTo("Api-Key " + KEY);
    assertThat(permissions(file())).isEqualTo("rw-------");
    assertThat(permissions(folder())).isEqualTo("rwx------");
    assertThat(ended.out() + ended.err()).doesNotContain(KEY.substring(20));
    try (var files = Files.list(folder())) {
      assertThat(files).as("nothing half written beside it").containsExactly(file());
    }

    server.then(200, "{\"usage\":[]}");
    assertThat(new Caller(home).call("usage").code()).isZero();
  }

  @Test
  void a_key_is_typed_without_being_read_from_the_standard_input() {
    var ended =
        new Caller(home).typing(KEY).piping("not this").call("login", "--server", server.address());

    assertThat(ended.code()).isZero();
    assertThat(server.asked.getFirst().authorization()).isEqualTo("Api-Key " + KEY);
  }

  @Test
  void a_terminal_that_cannot_hide_a_key_is_not_asked_for_one() {
    var ended = new Caller(home).typing("").call("login", "--server", server.address());

    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.err()).contains("login < FILE");
    assertThat(server.asked).isEmpty();
  }

  @Test
  void a_mistyped_key_is_not_sent() {
    for (var key :
        new String[] {KEY.substring(0, 57) + "R", KEY.substring(0, 30), "two words", ""}) {
      var ended = new Caller(home).piping(key).call("login", "--server", server.address());
      assertThat(ended.code()).as(key).isIn(2, 3);
      assertThat(ended.err()).doesNotContain(KEY.substring(20, 30));
    }
    assertThat(server.asked).isEmpty();
    assertThat(file()).doesNotExist();
  }

  @Test
  void a_refused_key_is_not_kept() throws Exception {
    try (var refusing = new FakeBehalf().thenProblem(401, "key_invalid")) {
      var ended = new Caller(home).piping(KEY).call("login", "--server", refusing.address());

      assertThat(ended.code()).isEqualTo(3);
      assertThat(ended.err()).contains("A title (key_invalid)", "What to do.", "request id 4bf92f");
      assertThat(file()).doesNotExist();
    }
  }

  @Test
  void a_key_is_never_an_argument() {
    for (var key : new String[] {KEY, "q1W2e3R4.0123456789abcdefghijABCDEFGHIJxy"}) {
      for (var argument : new String[] {key, "--key=" + key}) {
        var ended = new Caller(home).call("login", argument);

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("never an argument").doesNotContain(key.substring(20));
      }
    }
  }

  @Test
  void a_key_sent_without_encryption_is_warned_of_except_to_this_machine() {
    var far = new Caller(home).piping("").call("login", "--server", "http://behalf.example.com");
    var near = new Caller(home).piping("").call("login", "--server", "http://localhost:1");
    var safe = new Caller(home).piping("").call("login", "--server", "https://behalf.example.com");

    assertThat(far.err()).contains("is not encrypted");
    assertThat(near.err()).doesNotContain("encrypted");
    assertThat(safe.err()).doesNotContain("encrypted");
  }

  @Test
  void without_a_server_it_says_what_to_do_and_one_that_runs_here_is_found() throws Exception {
    var data = Files.createDirectory(home.resolve("data"));
    var none = new Caller(home).piping(KEY).call("login", "--data", data.toString());
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("--server", "behalf up");

    var self = ProcessHandle.current();
    Files.writeString(
        data.resolve("run.properties"),
        "web=%s\nweb-app.pid=%d\nweb-app.started=%s\n"
            .formatted(
                server.address(),
                self.pid(),
                self.info().startInstant().orElseThrow().toString().replace(":", "\\:")));
    var found = new Caller(home).piping(KEY).call("login", "--data", data.toString());
    assertThat(found.code()).as(found.err()).isZero();
    assertThat(found.out()).contains(server.address());
  }

  @Test
  void profiles_stand_beside_each_other_and_a_logout_removes_one() {
    new Caller(home).piping(KEY).call("login", "--server", server.address());
    new Caller(home).piping(KEY).call("login", "--server", server.address(), "--profile", "work");
    server.then(200, "{\"usage\":[]}");

    assertThat(new Caller(home).call("logout").code()).isZero();
    assertThat(file()).doesNotExist();
    assertThat(new Caller(home).call("usage").code()).isEqualTo(3);
    assertThat(new Caller(home).call("usage", "--profile", "work").code()).isZero();
    assertThat(new Caller(home).with("BEHALF_PROFILE", "work").call("usage").code()).isZero();
    assertThat(new Caller(home).call("usage", "--profile", "../work").code()).isEqualTo(2);
    assertThat(new Caller(home).call("logout").err()).contains("No key was saved");
  }

  @Test
  void the_environment_goes_before_what_was_saved() {
    new Caller(home).piping(KEY).call("login", "--server", server.address());
    server.then(200, "{\"usage\":[]}");

    var other = "q1W2e3R4.0123456789abcdefghijABCDEFGHIJxy";
    assertThat(new Caller(home).with("BEHALF_API_KEY", other).call("usage").code()).isZero();
    assertThat(server.asked.getLast().authorization()).isEqualTo("Api-Key " + other);
  }

  @Test
  void a_saved_key_goes_to_no_other_server() throws Exception {
    new Caller(home).piping(KEY).call("login", "--server", server.address());

    try (var other = new FakeBehalf().then(200, "{\"usage\":[]}")) {
      var ended = new Caller(home).with("BEHALF_SERVER", other.address()).call("usage");

      assertThat(ended.code()).isEqualTo(3);
      assertThat(ended.err()).contains(server.address(), other.address());
      assertThat(other.asked).isEmpty();
    }
  }

  @Test
  void a_key_that_others_may_read_is_not_used() throws Exception {
    new Caller(home).piping(KEY).call("login", "--server", server.address());
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));

    var ended = new Caller(home).call("usage");

    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.err()).contains("chmod 600").doesNotContain(KEY.substring(20));
  }

  @Test
  void the_folder_is_that_of_xdg_where_it_is_absolute() {
    var config = home.resolve("elsewhere");
    new Caller(home)
        .with("XDG_CONFIG_HOME", config.toString())
        .piping(KEY)
        .call("login", "--server", server.address());
    new Caller(home)
        .with("XDG_CONFIG_HOME", "relative")
        .piping(KEY)
        .call("login", "--server", server.address());

    assertThat(config.resolve("behalf/default.properties")).exists();
    assertThat(file()).exists();
  }

  @Test
  void an_address_that_is_none_is_told() {
    for (var address :
        new String[] {
          "behalf.example.com", "ftp://x", "https://me:secret@x", "https://x?a=b", "https://"
        }) {
      assertThat(new Caller(home).piping(KEY).call("login", "--server", address).code())
          .as(address)
          .isEqualTo(2);
    }
  }

  private Path folder() {
    return home.resolve(".config/behalf");
  }

  private Path file() {
    return folder().resolve("default.properties");
  }

  private static String permissions(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
