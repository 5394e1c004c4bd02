package dev.behalf.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.behalf.client.BehalfClient;
import dev.behalf.client.ProblemException;
import dev.behalf.contract.ClientCredentials;
import dev.behalf.standalone.Ports;
import dev.behalf.testkit.BehalfSystem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A site with its own users, as its README starts it, in a real browser. */
@Tag("scenarios")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SampleSite {

  static final String PASSWORD = "correct horse battery staple";
  static final Path HOME =
      Path.of(System.getProperty("behalf.home", "..")).toAbsolutePath().normalize();

  private static final Pattern SECRET = Pattern.compile("BEHALF_WEBHOOK_SECRET=(whsec_\\S+)");

  Path folder;
  BehalfSystem behalf;
  private final String name = "site-" + UUID.randomUUID().toString().substring(0, 8);
  private ClientCredentials credentials;
  private String webhookSecret = "";

  @BeforeAll
  void start(@TempDir Path files) throws Exception {
    folder = files;
    behalf = BehalfSystem.shared();
    credentials = behalf.platform(name);
  }

  /** Brings the site to the point at which it can be started. */
  abstract void prepare() throws Exception;

  /** The command that registers the webhook and prints its secret. */
  abstract List<String> registration(String url);

  abstract List<String> site(int port);

  /** The operation behind the button. */
  abstract String operation();

  /** Applies the definition of the operation; the site runs. */
  abstract void apply() throws Exception;

  /** What the page of a task says once the platform has ended. */
  abstract void requireRefused(Page page);

  @Test
  void a_press_streams_is_stored_by_the_webhook_and_charges_whoever_pressed() throws Exception {
    var port = Ports.free();
    var site = "http://127.0.0.1:" + port;
    prepare();
    var said = SECRET.matcher(run(registration(site + "/hooks/behalf")));
    assertThat(said.find()).isTrue();
    webhookSecret = said.group(1);
    var log = folder.resolve("site.log");
    var server = command(site(port)).redirectOutput(log.toFile()).start();
    try (var chrome = Chrome.startOrSkip()) {
      await().atMost(Duration.ofMinutes(1)).until(() -> isOpen(port));
      apply();
      var reader = behalf.signUp();
      await().until(() -> reader.page("/docs/operations/" + operation()).statusCode() == 200);

      var ada = signIn(chrome.newPage(ColorScheme.DARK, 400, true), site, "ada");
      press(ada, "work that streams to the page");
      assertThat(ada.locator("#output")).containsText("WORK THAT");
      assertThat(ada.locator("#state")).hasText("Running");
      Chrome.picture(ada, operation() + "-dark-narrow");
      assertThat(ada.locator("#task")).containsText("Charged: 6 units");
      assertThat(ada.locator("#state")).hasText("Succeeded");
      assertThat(ada.locator("#task")).containsText("WORK THAT STREAMS TO THE PAGE");

      // Nobody watches: only the webhook can bring the result.
      var grace = signIn(chrome.newPage(ColorScheme.LIGHT, 1200, false), site, "grace");
      press(grace, "nobody watches");
      grace.navigate(site);
      assertThat(grace.locator("main")).not().containsText("work that");
      await()
          .atMost(Duration.ofMinutes(1))
          .until(
              () -> {
                grace.reload();
                return grace.locator("main").innerText().contains("Succeeded");
              });
      Chrome.picture(grace, operation() + "-light-wide");
      assertThat(grace.request().get(ada.url()).status()).isEqualTo(404);

      assertThat(charged("user-1")).isEqualTo("6");
      assertThat(charged("user-2")).isEqualTo("2");
      assertThat(actors()).isEqualTo("platform " + name);
      assertThat(chrome.complaints()).isEmpty();

      endPlatform();
      press(ada, "after the end");
      requireRefused(ada);
    } finally {
      stop(server);
      behalf.text("select jobs.retire_operation('%s')::text".formatted(operation()));
    }
    assertThat(behalf.violatedInvariants()).isEmpty();
    assertThat(Files.readString(log))
        .doesNotContain(credentials.secret(), webhookSecret, PASSWORD, "bhw_");
  }

  /** Ends the platform: its calls for users are refused within a second. */
  private void endPlatform() throws Exception {
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
  private String charged(String externalId) throws Exception {
    return behalf.text(
        "select sum(c.units)::text from compute.ledger c join accounts.platform_users u using (user_id) join accounts.platforms p on p.id = u.platform_id where p.name = '%s' and u.external_id = '%s'"
            .formatted(name, externalId));
  }

  /** Returns who has done something to the people of the site, by their activity. */
  private String actors() throws Exception {
    return behalf.text(
        "select string_agg(distinct l.actor, ',') from accounts.audit_log l join accounts.platform_users u using (user_id) join accounts.platforms p on p.id = u.platform_id where p.name = '%s'"
            .formatted(name));
  }

  /** Runs a command to its end, and returns what it has said. */
  final String run(List<String> command) throws Exception {
    return Program.run(command(command), Duration.ofMinutes(2));
  }

  private ProcessBuilder command(List<String> command) {
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "DEMO_PASSWORD", PASSWORD,
                "BEHALF_SERVER", behalf.web().toString(),
                "BEHALF_PLATFORM_ID", credentials.clientId(),
                "BEHALF_PLATFORM_SECRET", credentials.secret(),
                "BEHALF_WEBHOOK_SECRET", webhookSecret));
    builder.environment().putAll(environment());
    return builder;
  }

  /** Settings of this site alone. */
  abstract Map<String, String> environment();

  private static void stop(Process server) throws InterruptedException {
    server.destroy();
    if (!server.waitFor(20, TimeUnit.SECONDS)) {
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
