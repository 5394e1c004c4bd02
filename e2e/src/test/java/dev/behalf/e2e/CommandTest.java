package dev.behalf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.cli.Cli;
import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.StrictJson;
import dev.behalf.standalone.Behalf;
import dev.behalf.standalone.Compilation;
import dev.behalf.testkit.Person;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the README, as somebody would type them. */
@Tag("scenarios")
class CommandTest {

  private static final Path HOME = Path.of(System.getProperty("behalf.home", ".."));

  @TempDir Path data;

  private record Ended(int code, String output) {}

  @Test
  void up_demo_check_and_down() throws Exception {
    assertThat(behalf("status").code()).as("before the start").isEqualTo(1);
    try {
      var operations = Files.createDirectories(data.resolve("operations"));
      Files.writeString(operations.resolve("mirror.yaml"), MIRROR);
      var up = up("--operations", operations.toString());
      assertThat(up.code()).as(up.output()).isZero();
      assertThat(up.output()).contains("web-app is ready", "Behalf is ready: http://localhost:");

      var second = behalf("up");
      assertThat(second.code()).isEqualTo(1);
      assertThat(second.output()).contains("Already running from this folder");

      var demo = behalf("demo");
      assertThat(demo.code()).as(demo.output()).isZero();
      assertThat(demo.output()).contains("Every job has one result", "440 of 440");
      var matches = Pattern.compile("Of 320 messages, (\\d+) got the label").matcher(demo.output());
      assertThat(matches.find()).isTrue();
      assertThat(Integer.parseInt(matches.group(1))).as("of 320").isGreaterThan(200);

      var drill = behalf("drill", "rotation", "--jobs", "300");
      assertThat(drill.code()).as(drill.output()).isZero();
      assertThat(drill.output()).contains("300 succeeded, 0 failed, 0 open", "revoked", "active");
      importKeys();
      operations(operations);
      platforms();
      useWithAKey();
      assertThat(here("rewrap-keys", "--new-master").output()).contains("Master key 2 is created");

      kill("worker\\.pid");
      org.awaitility.Awaitility.await()
          .atMost(java.time.Duration.ofMinutes(1))
          .until(() -> here("status").code() == 0);

      var down = behalf("down");
      assertThat(down.code()).as(down.output()).isZero();
      if (Runtime.version().feature() >= 25) {
        var cache = "target/quick-start/app-" + Compilation.chosen().word() + ".aot";
        assertThat(List.of("web-app", "compute-server", "worker"))
            .as("the AOT caches that the first run has recorded")
            .allSatisfy(service -> assertThat(HOME.resolve(service).resolve(cache)).exists());
      }
      var quick = up();
      assertThat(quick.code()).as("with these caches: " + quick.output()).isZero();
      kill("(?m)^pid");
      var again = up();
      assertThat(again.code()).as("over what a killed one has left: " + again.output()).isZero();

      var rewrap = here("rewrap-keys");
      assertThat(rewrap.code()).as(rewrap.output()).isZero();
      assertThat(rewrap.output()).contains("encrypted with master key 2");
      assertThat(behalf("drill", "rotation", "--jobs", "50").code()).isZero();

      var check = behalf("check");
      assertThat(check.code()).as(check.output()).isZero();
      assertThat(check.output()).doesNotContain("BROKEN");
      assertThat(behalf("logs", "worker").output()).contains("worker");
      assertThat(secrets()).as("who may read the secrets").isEqualTo("rw-------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
          .as("who may look into the folder")
          .isEqualTo("rwx------");
      assertThat(data.resolve("postgres-binaries")).as("what runs as us").isNotEmptyDirectory();
    } finally {
      assertThat(behalf("down").code()).isZero();
    }
    assertThat(behalf("status").code()).as("after the stop").isEqualTo(1);
  }

  private Ended up(String... options) throws Exception {
    var command = new ArrayList<>(List.of("up", "--detach", "--port", "18080"));
    command.addAll(List.of(options));
    return behalf(command.toArray(String[]::new));
  }

  @Test
  void help_names_every_command_and_a_wrong_one_is_told() throws Exception {
    assertThat(behalf("help").output())
        .contains("up", "down", "status", "logs", "demo", "check", "login", "submit", "keys");
    assertThat(behalf("fly").code()).isNotZero();
  }

  private static final String MIRROR =
      """
      name: mirror
      title: The same text back
      input:
        type: object
        required: [text]
        properties: {text: {type: string}, times: {type: integer, maximum: 3}}
      units: {name: look, fixed: 3}
      run: quick
      engine: {builtin: echo}
      """;

  /** Definitions in a folder, and by the command of an operator. */
  private void operations(Path folder) throws Exception {
    var file = folder.resolve("mirror.yaml");
    assertThat(here("operations", "list").output()).containsPattern("mirror +1 +in use .* folder");
    assertThat(here("operations", "show", "mirror").output()).contains("title: The same text back");

    Files.writeString(folder.resolve("wrong.yaml"), MIRROR.replace("integer", "whole"));
    assertThat(here("operations", "apply", folder.toString()).output())
        .contains("wrong.yaml: line 6: This is no JSON Schema");
    Files.delete(folder.resolve("wrong.yaml"));
    Files.writeString(file, MIRROR.replace("builtin: echo", "builtin: magic"));
    assertThat(here("operations", "apply", file.toString()).output())
        .contains("There is no built-in engine \"magic\": use one of classify, echo");
    Files.writeString(file, MIRROR.replace("fixed: 3", "fixed: 4"));
    assertThat(here("operations", "apply", file.toString()).output())
        .contains("mirror is version 2");
    assertThat(here("operations", "apply", file.toString()).output())
        .contains("mirror is version 2");
    assertThat(here("operations", "retire", "mirror").output()).contains("mirror is retired");
    assertThat(here("operations", "retire", "mirror").code()).isEqualTo(1);
    assertThat(here("operations", "apply", file.toString()).output())
        .contains("mirror is version 2");
    assertThat(here("operations").code()).isNotZero();
  }

  /** A platform from its creation to its end. */
  private void platforms() throws Exception {
    var created = here("platforms", "create", "shop", "--origin", "https://shop.example");
    assertThat(created.code()).as(created.output()).isZero();
    var credentials =
        Pattern.compile("client id +(\\S+)\\s+client secret +(bhs_\\S+)").matcher(created.output());
    assertThat(credentials.find()).isTrue();
    assertThat(here("platforms", "create", "shop").output()).contains("is called shop already");
    assertThat(here("platforms", "create", "My Shop").output()).contains("Write the name with");
    assertThat(here("platforms", "create", "x", "--scopes", "ops:write").code()).isEqualTo(1);
    var asked = new ProcessBuilder(threeRequests(credentials.group(1), credentials.group(2)));
    asked.environment().put("BEHALF_SERVER", site().toString());
    var answer = asked.redirectErrorStream(true).start();
    assertThat(new String(answer.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains(
            "\"external_id\":\"customer-17\"",
            "\"state\":\"succeeded\"",
            "\"result\":{\"text\":\"hello\"}");
    assertThat(here("platforms", "list").output()).containsPattern("shop +active +1 ");
    assertThat(here("platforms", "rotate", "shop").output()).contains("client secret");
    assertThat(here("platforms", "end", "shop").output()).contains("shop has ended");
    assertThat(here("platforms", "end", "shop").code()).isEqualTo(1);
  }

  /** The requests of docs/platforms.md, word for word. */
  private static List<String> threeRequests(String clientId, String secret) throws Exception {
    var page = Files.readString(HOME.resolve("docs/platforms.md"));
    var snippet = page.substring(page.indexOf("# 1. "));
    return List.of(
        "bash",
        "-c",
        "CLIENT_ID=%s CLIENT_SECRET=%s\n%s"
            .formatted(clientId, secret, snippet.substring(0, snippet.indexOf("```"))));
  }

  /** A key of djangorestframework-api-key opens the API as it did there. */
  private void importKeys() throws Exception {
    var site = site();
    var person = Person.signUp(site, UUID.randomUUID() + "@example.com", "correct horse battery");
    var key = "q1W2e3R4.0123456789abcdefghijABCDEFGHIJxy";
    var digest =
        MessageDigest.getInstance("SHA-512").digest(key.getBytes(StandardCharsets.US_ASCII));
    var hash = "sha512$$" + HexFormat.of().formatHex(digest);
    var csv =
        Files.writeString(
            data.resolve("keys.csv"),
            "prefix,hashed_key,name,email\nq1W2e3R4," + hash + ",nightly,\n");
    var wrong =
        Files.writeString(data.resolve("wrong.csv"), "prefix,hashed_key\nshort," + hash + "\n");
    var json =
        Files.writeString(
            data.resolve("keys.json"),
            "[{\"model\":\"rest_framework_api_key.apikey\",\"pk\":\"x\",\"fields\":{\"prefix\":\"q1W2e3R4\",\"hashed_key\":\""
                + hash
                + "\",\"created\":\"2025-01-01T00:00:00Z\",\"name\":\"nightly\",\"revoked\":false,\"expiry_date\":null}}]");

    assertThat(here("import-keys", wrong.toString(), "--owner", person.email()).output())
        .contains("line 2", "Nothing was imported");
    assertThat(here("import-keys", csv.toString()).code()).as("without an owner").isEqualTo(1);
    assertThat(here("import-keys", csv.toString(), "--owner", person.email()).output())
        .contains("no account has the verified e-mail address", "Nothing was imported");
    assertThat(
            here("import-keys", csv.toString(), "--owner", person.email(), "--unverified").output())
        .contains("1 keys imported, 0 imported before");
    assertThat(
            here("import-keys", json.toString(), "--owner", person.email(), "--unverified")
                .output())
        .contains("0 keys imported, 1 imported before");
    var answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(site.resolve("/api/v1/jobs"))
                    .header("Authorization", "Api-Key " + key)
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  /** What `docs/cli.md` says, by the script and against the API as it is. */
  private void useWithAKey() throws Exception {
    var person = Person.signUp(site(), UUID.randomUUID() + "@example.com", "correct horse battery");
    var issued =
        person.post(
            "/api/v1/keys",
            """
            {"name":"cli","environment":"test","scopes":["jobs:read","jobs:write","usage:read","keys:read","keys:write"]}
            """
                .getBytes(StandardCharsets.UTF_8));
    var key = StrictJson.MAPPER.readTree(issued.body()).required("secret").asString();

    assertThat(asDeveloper("", "jobs").code()).as("before the sign-in").isEqualTo(3);
    assertThat(behalf("jobs").code()).as("by the script").isEqualTo(3);
    assertThat(asDeveloper(key, "login").output())
        .contains("Signed in to http://127.0.0.1:", "test key");

    var watched =
        asDeveloper(
            "我的包裹在哪里？",
            "submit",
            "classify",
            "-",
            "--labels",
            "delivery",
            "--labels",
            "refund",
            "--watch");
    assertThat(watched.code()).as(watched.output()).isZero();
    assertThat(watched.output()).contains("● submitted", "● settled", "✓ succeeded after");
    assertThat(watched.output().lines().toList().getLast()).startsWith("{\"label\":");

    var later =
        asDeveloper(
                "", "submit", "echo", "--text", "later", "--not-before", "2h", "--priority", "low")
            .output()
            .strip();
    assertThat(asDeveloper("", "job", later).output()).contains("delayed until", "low", "later");
    assertThat(asDeveloper("", "cancel", later).output()).contains(later + " is cancelled");
    assertThat(asDeveloper("", "watch", later).code()).isEqualTo(1);
    assertThat(asDeveloper("", "job", UUID.randomUUID().toString()).code()).isEqualTo(4);
    assertThat(asDeveloper("", "submit", "fly", "--text", "a").code()).isEqualTo(2);

    var mirrored =
        asDeveloper("", "submit", "mirror", "--text", "me", "--times", "2", "--watch", "--json");
    assertThat(mirrored.code()).as(mirrored.output()).isZero();
    var job = StrictJson.MAPPER.readTree(mirrored.output().lines().toList().getLast());
    assertThat(job.required("units").asInt()).isEqualTo(4);
    assertThat(job.required("operation_version").asInt()).isEqualTo(2);
    assertThat(asDeveloper("", "submit", "mirror", "--text", "me", "--times", "4").code())
        .isEqualTo(2);

    assertThat(asDeveloper("", "jobs").output()).contains("我的包裹在哪里？", later, "cancelled");
    assertThat(asDeveloper("", "jobs", "--json", "--state", "succeeded").output().lines())
        .hasSize(2)
        .allSatisfy(
            line ->
                assertThat(StrictJson.MAPPER.readTree(line).required("units").asLong())
                    .isPositive());
    assertThat(asDeveloper("", "usage").output()).contains("USED", "test");

    var another = asDeveloper("", "keys", "create", "another", "--expires", "7d").output().strip();
    var id = ApiKeyFormat.parse(another).orElseThrow().keyId();
    assertThat(asDeveloper("", "keys").output()).contains(id, "another", "cli", "managed");
    var successor = asDeveloper("", "keys", "rotate", id, "--overlap", "now").output().strip();
    assertThat(ApiKeyFormat.parse(successor)).isPresent();
    assertThat(
            asDeveloper("", "keys", "revoke", ApiKeyFormat.parse(successor).orElseThrow().keyId())
                .output())
        .contains("is revoked");
    assertThat(asDeveloper("", "keys", "revoke", id).code()).as("again").isEqualTo(1);
    assertThat(asDeveloper("", "logout").code()).isZero();
    assertThat(asDeveloper("", "usage").code()).isEqualTo(3);
  }

  /**
   * Runs a developer's command in this process, with this text on the standard input; the output is
   * the standard output alone. The first command goes through the script: see {@link #behalf}.
   */
  private Ended asDeveloper(String input, String... arguments) {
    var output = new ByteArrayOutputStream();
    var command = new ArrayList<>(List.of(arguments));
    command.addAll(List.of("--data", data.toString()));
    var code =
        Cli.run(
            Map.of("XDG_CONFIG_HOME", data.resolve("config").toString()),
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(output, true, StandardCharsets.UTF_8),
            System.err,
            command.toArray(String[]::new));
    return new Ended(code, output.toString(StandardCharsets.UTF_8));
  }

  /** Runs an operator's command in this process: a JVM for each would take most of this test. */
  private Ended here(String... arguments) {
    var output = new ByteArrayOutputStream();
    var command = new ArrayList<>(List.of(arguments));
    command.addAll(List.of("--data", data.toString()));
    var out = System.out;
    var err = System.err;
    try (var print = new PrintStream(output, true, StandardCharsets.UTF_8)) {
      System.setOut(print);
      System.setErr(print);
      var code = Behalf.run(print, command.toArray(String[]::new));
      return new Ended(code, output.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private URI site() throws Exception {
    return URI.create(
        Pattern.compile("http://localhost:\\d+")
            .matcher(here("status").output())
            .results()
            .findFirst()
            .orElseThrow()
            .group());
  }

  private void kill(String entry) throws Exception {
    var pid =
        Pattern.compile(entry + "=(\\d+)")
            .matcher(Files.readString(data.resolve("run.properties")));
    assertThat(pid.find()).isTrue();
    var process = ProcessHandle.of(Long.parseLong(pid.group(1))).orElseThrow();
    process.destroyForcibly();
    process.onExit().get(10, TimeUnit.SECONDS);
  }

  private String secrets() throws Exception {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(data.resolve("secrets.properties")));
  }

  private Ended behalf(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of(HOME.resolve("behalf").toString()));
    command.addAll(List.of(arguments));
    if (!arguments[0].equals("help")) {
      command.addAll(List.of("--data", data.toString()));
    }
    var output = Files.createTempFile("behalf", ".out");
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("XDG_CONFIG_HOME", data.resolve("config").toString());
    var process = builder.start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).as(String.join(" ", command)).isTrue();
    return new Ended(process.exitValue(), Files.readString(output));
  }
}
