package dev.behalf.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.StrictJson;
import dev.behalf.standalone.Ports;
import dev.behalf.testkit.BehalfSystem;
import dev.behalf.testkit.Person;
import dev.behalf.testkit.Required;
import dev.behalf.testkit.TestDefinitions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** The clients of one file run their own tests against a running Behalf. */
@Tag("scenarios")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OneFileClientsTest {

  private static final Path CLIENTS =
      Path.of(System.getProperty("behalf.home", ".."), "clients").toAbsolutePath();

  private BehalfSystem behalf;
  private SampleEngine engine;
  private Connection database;
  private Person ada;

  @BeforeAll
  void start() throws Exception {
    var python = Required.program("python3");
    behalf = BehalfSystem.shared();
    database = behalf.database();
    engine = SampleEngine.start(python, "engine.py", Ports.free());
    TestDefinitions.apply(
        database, SampleEngine.definition("shout-slowly.yaml", engine.port()), "test");
    ada = behalf.signUp();
    await().until(() -> ada.page("/docs/operations/shout-slowly").statusCode() == 200);
  }

  @AfterAll
  void stop() throws Exception {
    if (engine != null) {
      try (var retire = database.prepareStatement("select jobs.retire_operation('shout-slowly')")) {
        retire.executeQuery();
      }
      database.close();
      engine.close();
    }
  }

  @Test
  void in_python(@TempDir Path folder) throws Exception {
    copy("python", folder, "behalf.py", "test_behalf.py");

    var said = run(folder, Required.program("python3").toString(), "-m", "unittest", "test_behalf");

    assertThat(said).contains("OK").doesNotContain("skipped");
  }

  /** Checked by the compiler with all strictness, and run without types. */
  @Test
  void in_typescript(@TempDir Path folder) throws Exception {
    var node = Required.program("node").toString();
    copy("typescript", folder, "behalf.ts", "behalf.test.ts", "tsconfig.json", "package.json");
    unpack("typescript", folder.resolve("node_modules/typescript"));
    unpack("types__node", folder.resolve("node_modules/@types/node"));
    unpack("undici-types", folder.resolve("node_modules/undici-types"));

    run(folder, node, "node_modules/typescript/lib/tsc.js", "--project", ".");
    var said = run(folder, node, "--test", "build/behalf.test.js");

    assertThat(said).contains("# fail 0", "# skipped 0");
  }

  private static void copy(String client, Path folder, String... files) throws IOException {
    for (var file : files) {
      Files.copy(CLIENTS.resolve(client).resolve(file), folder.resolve(file));
    }
  }

  /** Unpacks a package of JavaScript that Maven has fetched. */
  private static void unpack(String name, Path into) throws IOException {
    var root = "META-INF/resources/webjars/" + name + "/";
    for (var file :
        new PathMatchingResourcePatternResolver().getResources("classpath*:" + root + "**")) {
      var path = file.getURL().toString().replaceFirst(".*" + root + "[^/]+/", "");
      if (!path.isEmpty() && !path.endsWith("/")) {
        var target = into.resolve(path);
        Files.createDirectories(target.getParent());
        try (var in = file.getInputStream()) {
          Files.copy(in, target);
        }
      }
    }
  }

  private String run(Path folder, String... command) throws Exception {
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    var platform = behalf.platform("f-" + UUID.randomUUID().toString().substring(0, 8));
    builder.environment().put("BEHALF_SERVER", behalf.web().toString());
    builder.environment().put("BEHALF_API_KEY", key());
    builder.environment().put("BEHALF_PLATFORM_ID", platform.clientId());
    builder.environment().put("BEHALF_PLATFORM_SECRET", platform.secret());
    return Program.run(builder, Duration.ofMinutes(5));
  }

  private String key() throws Exception {
    var issued =
        ada.post(
            "/api/v1/keys",
            """
            {"name":"k","environment":"test","scopes":["jobs:read","jobs:write","usage:read","keys:read","keys:write"]}
            """
                .getBytes(StandardCharsets.UTF_8));
    return StrictJson.MAPPER.readTree(issued.body()).required("secret").asString();
  }
}
