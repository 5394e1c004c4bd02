package dev.behalf.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import dev.behalf.testkit.Required;
import dev.behalf.testkit.TestDefinitions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;

/** samples/spring, which is also the engine behind its button. */
class SpringSampleTest extends SampleSite {

  private static final Path JAR = HOME.resolve("samples/spring/target/site-0.1.0.jar");
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  @BeforeAll
  void findJar() {
    var unused = Required.orSkip("samples", Optional.of(JAR).filter(Files::exists));
  }

  @Override
  void prepare() {
    // The database is made when the site starts.
  }

  @Override
  List<String> registration(String url) {
    return List.of(JAVA, "-jar", JAR.toString(), "--register-webhook=" + url);
  }

  @Override
  List<String> site(int port) {
    return List.of(JAVA, "-jar", JAR.toString(), "--server.port=" + port);
  }

  @Override
  String operation() {
    return "capitals";
  }

  @Override
  void apply() throws Exception {
    var definition = folder.resolve("run/operations/capitals.yaml");
    await().until(() -> Files.exists(definition) && Files.size(definition) > 0);
    try (var database = behalf.database()) {
      TestDefinitions.apply(database, Files.readString(definition), "test");
    }
  }

  /** The outbox sends it when the platform is there again. */
  @Override
  void requireRefused(Page page) {
    assertThat(page.locator("#state")).hasText("Sending");
  }

  @Override
  Map<String, String> environment() {
    return Map.of("BEHALF_ENGINE_UNSIGNED", "true");
  }
}
