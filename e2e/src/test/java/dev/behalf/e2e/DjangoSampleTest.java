package dev.behalf.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import dev.behalf.client.BehalfClient;
import dev.behalf.client.ProblemException;
import dev.behalf.contract.ClientCredentials;
import dev.behalf.standalone.Ports;
import dev.behalf.testkit.BehalfSystem;
import dev.behalf.testkit.Required;
import dev.behalf.testkit.TestDefinitions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The Django site with its own users, as its README starts it, in a real browser. */
@Tag("scenarios")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DjangoSampleTest {

  private static final Path SITE =
      Path.of(System.getProperty("behalf.home", ".."), "samples", "django").toAbsolutePath();
  private static final String PASSWORD = "correct horse battery staple";
  private static final LocatorAssertions.ContainsTextOptions SOON =
      new LocatorAssertions.ContainsTextOptions().setTimeout(60_000);

  private Path folder;
  private Path python;
  private BehalfSystem behalf;
  private String name;
  private ClientCredentials credentials;
  private String webhookSecret = "";

  @BeforeAll
  void start(@TempDir Path files) throws Exception {
    folder = files;
    python = Required.pythonWith("django");
    behalf = BehalfSystem.shared();
    name = "site-" + UUID.randomUUID().toString().substring(0, 8);
    credentials = behalf.platform(name);
  }

  @AfterAll
  void noViolation() throws Exception {
    if (behalf != null) {
      assertThat(behalf.violatedInvariants()).isEmpty();
    }
  }

  @Test
  void its_own_tests_pass() throws Exception {
    assertThat(manage("test", "-v", "0")).contains("OK").doesNotContain("skipped");
  }

  @Test
  void a_press_streams_is_stored_by_the_webhook_and_charges_whoever_pressed() throws Exception {
    var port = Ports.free();
    var site = "http://127.0.0.1:" + port;
    try (var chrome = Chrome.startOrSkip();
        var engine = SampleEngine.start(Required.program("python3"), "engine.py", Ports.free());
        var database = behalf.database()) {
      TestDefinitions.apply(
          database, SampleEngine.definition("shout-slowly.yaml", engine.port()), "test");
      manage("migrate", "-v", "0");
      manage("demo");
      var line = Pattern.compile("BEHALF_WEBHOOK_SECRET=(whsec_\\S+)");
      var said = line.matcher(manage("behalf_webhook", site + "/hooks/behalf"));
      assertThat(said.find()).isTrue();
      webhookSecret = said.group(1);
      var server = command("runserver", "--noreload", "127.0.0.1:" + port).start();
      try {
        await().atMost(Duration.ofSeconds(30)).until(() -> isOpen(port));
        await()
            .until(() -> behalf.signUp().page("/docs/operations/shout-slowly").statusCode() == 200);

        var ada = signIn(chrome.newPage(ColorScheme.DARK, 400, true), site, "ada");
        press(ada, "work that streams to the page");
        assertThat(ada.locator("#output")).containsText("WORK THAT", SOON);
        assertThat(ada.locator("#state")).hasText("Running");
        Chrome.picture(ada, "django-dark-narrow");
        assertThat(ada.locator("#task")).containsText("Charged: 6 units", SOON);
        assertThat(ada.locator("#state")).hasText("Succeeded");
        assertThat(ada.locator("#task")).containsText("WORK THAT STREAMS TO THE PAGE");
        Chrome.picture(ada, "django-dark-narrow-ended");

        // Nobody watches: only the webhook can bring the result.
        var grace = signIn(chrome.newPage(ColorScheme.LIGHT, 1200, false), site, "grace");
        press(grace, "nobody watches");
        grace.navigate(site);
        assertThat(grace.locator("main")).not().containsText("WORK THAT");
        await()
            .atMost(Duration.ofMinutes(1))
            .until(
                () -> {
                  grace.reload();
                  return grace.locator("main").innerText().contains("Succeeded");
                });
        Chrome.picture(grace, "django-light-wide");
        assertThat(grace.request().get(ada.url()).status()).isEqualTo(404);

        assertThat(charged("ada")).isEqualTo("6");
        assertThat(charged("grace")).isEqualTo("2");
        assertThat(
                behalf.text(
                    "select string_agg(distinct l.actor, ',') from accounts.audit_log l join accounts.platform_users u using (user_id) join accounts.platforms p on p.id = u.platform_id where p.name = '%s'"
                        .formatted(name)))
            .isEqualTo("platform " + name);
        assertThat(chrome.complaints()).isEmpty();

        end();
        press(ada, "after the end");
        assertThat(ada.locator("#state")).hasText("Not sent");
        assertThat(ada.locator("#task")).containsText("Behalf refused");
      } finally {
        stop(server);
        try (var retire =
            database.prepareStatement("select jobs.retire_operation('shout-slowly')")) {
          retire.executeQuery();
        }
      }
      assertThat(Files.readString(folder.resolve("site.log")))
          .doesNotContain(credentials.secret(), webhookSecret, PASSWORD, "bhw_");
    }
  }

  /** Ends the platform: its calls for users are refused within a second. */
  private void end() throws Exception {
    try (var platform =
        BehalfClient.builder(behalf.web().toString())
            .platform(credentials.clientId(), credentials.secret())
            .build()) {
      var ada = platform.onBehalfOf("user-1");
      assertThat(ada.jobs().find("").toList()).hasSize(1);
      behalf.text("select accounts.end_platform('%s')::text".formatted(name));
      await()
          .atMost(Duration.ofSeconds(1))
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> ada.jobs().find("").toList())
                      .isInstanceOfSatisfying(
                          ProblemException.class,
                          refusal -> assertThat(refusal.status()).isEqualTo(401)));
    }
  }

  private static Page signIn(Page page, String site, String username) {
    page.navigate(site);
    page.locator("#id_username").fill(username);
    page.locator("#id_password").fill(PASSWORD);
    page.locator("main button").click();
    assertThat(page.locator("#id_text")).isVisible();
    return page;
  }

  private static void press(Page page, String text) {
    page.navigate(page.url().replaceFirst("(https?://[^/]+)/.*", "$1/"));
    page.locator("#id_text").fill(text);
    page.locator("main form button").first().click();
    assertThat(page.locator("#state")).isVisible();
  }

  /** Returns the units of the jobs of a person of the site, by the ledger. */
  private String charged(String username) throws Exception {
    return behalf.text(
        "select sum(c.units)::text from compute.ledger c join accounts.platform_users u using (user_id) join accounts.platforms p on p.id = u.platform_id where p.name = '%s' and u.external_id = '%s'"
            .formatted(name, username.equals("ada") ? "user-1" : "user-2"));
  }

  private String manage(String... arguments) throws Exception {
    var output = folder.resolve("manage.txt");
    var process = command(arguments).redirectOutput(output.toFile()).start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    var said = Files.readString(output);
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }

  private ProcessBuilder command(String... arguments) {
    var command = new ArrayList<>(List.of(python.toString(), SITE.resolve("manage.py").toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "PYTHONDONTWRITEBYTECODE",
                "1",
                "DJANGO_DEBUG",
                "true",
                "DJANGO_DATABASE",
                folder.resolve("db.sqlite3").toString(),
                "DEMO_PASSWORD",
                PASSWORD,
                "BEHALF_SERVER",
                behalf.web().toString(),
                "BEHALF_PLATFORM_ID",
                credentials.clientId(),
                "BEHALF_PLATFORM_SECRET",
                credentials.secret(),
                "BEHALF_WEBHOOK_SECRET",
                webhookSecret));
    return builder.redirectErrorStream(true).redirectOutput(folder.resolve("site.log").toFile());
  }

  private static void stop(Process server) throws InterruptedException {
    server.destroy();
    if (!server.waitFor(10, TimeUnit.SECONDS)) {
      server.destroyForcibly();
    }
  }

  private static boolean isOpen(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }
}
