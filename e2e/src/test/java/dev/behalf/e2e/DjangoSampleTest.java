package dev.behalf.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.behalf.standalone.Ports;
import dev.behalf.testkit.Required;
import dev.behalf.testkit.TestDefinitions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** samples/django. */
class DjangoSampleTest extends SampleSite {

  private Path python;
  private @Nullable SampleEngine engine;

  @BeforeAll
  void findDjango() {
    python = Required.pythonWith("django");
  }

  @AfterAll
  void stopEngine() throws InterruptedException {
    if (engine != null) {
      engine.close();
    }
  }

  @Test
  void its_own_tests_pass() throws Exception {
    assertThat(run(manage("test", "-v", "0"))).contains("OK").doesNotContain("skipped");
  }

  @Override
  void prepare() throws Exception {
    engine = SampleEngine.start(Required.program("python3"), "engine.py", Ports.free());
    run(manage("migrate", "-v", "0"));
    run(manage("demo"));
  }

  @Override
  List<String> registration(String url) {
    return manage("behalf_webhook", url);
  }

  @Override
  List<String> site(int port) {
    return manage("runserver", "--noreload", "127.0.0.1:" + port);
  }

  @Override
  String operation() {
    return "shout-slowly";
  }

  @Override
  void apply() throws Exception {
    try (var database = behalf.database()) {
      TestDefinitions.apply(
          database,
          SampleEngine.definition("shout-slowly.yaml", Objects.requireNonNull(engine).port()),
          "test");
    }
  }

  @Override
  void requireRefused(Page page) {
    assertThat(page.locator("#state")).hasText("Not sent");
    assertThat(page.locator("#task")).containsText("Behalf refused");
  }

  @Override
  Map<String, String> environment() {
    return Map.of(
        "PYTHONDONTWRITEBYTECODE", "1",
        "DJANGO_DEBUG", "true",
        "DJANGO_DATABASE", folder.resolve("db.sqlite3").toString());
  }

  private List<String> manage(String... arguments) {
    var command =
        new ArrayList<>(
            List.of(python.toString(), HOME.resolve("samples/django/manage.py").toString()));
    command.addAll(List.of(arguments));
    return command;
  }
}
