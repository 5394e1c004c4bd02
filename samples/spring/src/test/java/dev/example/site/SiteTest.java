package dev.example.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** What all tests share: the whole site on a free port, connected to a Behalf in memory. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
abstract class SiteTest {

  static final String PASSWORD = "correct horse battery staple";
  static final String ADA = "user-1";
  static final String GRACE = "user-2";
  static final FakePlatform BEHALF = FakePlatform.start();

  JdbcClient database;
  Tasks tasks;
  String site;
  Browser ada;

  @DynamicPropertySource
  static void settings(DynamicPropertyRegistry settings) {
    settings.add("behalf.server", BEHALF::address);
    settings.add("behalf.platform.id", () -> FakePlatform.ID);
    settings.add("behalf.platform.secret", () -> FakePlatform.PLATFORM_SECRET);
    settings.add("behalf.attempts", () -> "1");
    settings.add("behalf.outbox.pause", () -> "50ms");
    settings.add("behalf.engine.secrets", () -> "a secret for tests of 32 bytes or more");
    settings.add("behalf.engine.definitions", () -> "target/operations");
    settings.add("site.webhook-secret", () -> FakePlatform.WEBHOOK_SECRET);
    settings.add("site.demo-password", () -> PASSWORD);
    settings.add("spring.datasource.url", () -> "jdbc:h2:mem:${random.uuid};DB_CLOSE_DELAY=-1");
    settings.add("management.endpoint.health.cache.time-to-live", () -> "0");
  }

  @BeforeEach
  void start(@Autowired JdbcClient database, @Autowired Tasks tasks, @LocalServerPort int port) {
    for (var table : new String[] {"task", "person", "handled_event", "behalf_outbox"}) {
      database.sql("delete from " + table).update();
    }
    BEHALF.reset();
    this.database = database;
    this.tasks = tasks;
    this.site = "http://127.0.0.1:" + port;
    this.ada = new Browser(site).signIn("ada");
  }

  /** Presses the button as Ada, and waits until Behalf has the job. */
  Task press(String text) {
    var id = pressed(text);
    await().until(() -> tasks.find(id).orElseThrow().jobId() != null);
    return tasks.find(id).orElseThrow();
  }

  UUID pressed(String text) {
    ada.get("/");
    var answer = ada.post("/", Map.of("text", text));
    assertThat(Browser.location(answer)).startsWith("/tasks/");
    return UUID.fromString(Browser.location(answer).substring("/tasks/".length()));
  }

  Task reread(Task task) {
    return tasks.find(task.id()).orElseThrow();
  }

  long rows(String table) {
    return database.sql("select count(*) from " + table).query(Long.class).single();
  }
}
