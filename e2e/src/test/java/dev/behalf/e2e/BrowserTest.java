package dev.behalf.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import dev.behalf.testkit.BehalfSystem;
import dev.behalf.testkit.Required;
import dev.behalf.testkit.TestBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A real browser presses the button. Pictures of what it saw are in target/screenshots. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrowserTest {

  private static final double PATIENCE_MILLIS = 30_000;
  private static final List<String> CHROMIUM_ARGUMENTS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  private BehalfSystem behalf;
  private Playwright playwright;
  private Browser browser;

  @BeforeAll
  void start() throws Exception {
    var chromium = Required.orSkip("chromium", chromium());
    behalf = BehalfSystem.start(TestBroker.embedded());
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(chromium)
                    .setArgs(CHROMIUM_ARGUMENTS));
  }

  @AfterAll
  void stop() throws Exception {
    if (playwright != null) {
      playwright.close();
    }
    if (behalf != null) {
      behalf.close();
    }
  }

  @Test
  void a_click_ends_with_the_result_on_the_page() {
    var complaints = new ArrayList<String>();
    var page = newPage(ColorScheme.LIGHT, 1200, true);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            complaints.add(message.text());
          }
        });
    signUp(page);

    page.locator("[name=operation][value=classify]").check();
    page.locator("[name=text]").fill("Where is my parcel? It should have been here on Monday.");
    page.locator("[name=labels]").fill("delivery delay\npraise\nlogin problem");
    page.locator("#run").click();

    assertThat(page.locator("#job .chip-succeeded")).isVisible(soon());
    assertThat(page.locator("#job")).containsText("delivery delay");
    page.screenshot(shot("job-light-wide"));
    page.navigate(behalf.web() + "/home");
    assertThat(page.locator("#jobs .chip-succeeded")).isVisible(soon());
    assertThat(complaints)
        .as("what the browser complained of, such as the content security policy")
        .isEmpty();
  }

  @Test
  void the_list_of_jobs_updates_by_itself() {
    var page = newPage(ColorScheme.DARK, 1200, true);
    signUp(page);
    page.navigate(behalf.web() + "/home");
    var other = page.context().newPage();
    other.navigate(behalf.web() + "/home");

    submitEcho(other, "from the other tab");

    assertThat(page.locator("#jobs .chip-succeeded")).isVisible(soon());
    page.screenshot(shot("home-dark-wide"));
  }

  @Test
  void it_works_without_javascript() {
    var page = newPage(ColorScheme.LIGHT, 360, false);
    signUp(page);
    page.screenshot(shot("home-light-narrow"));

    submitEcho(page, "no script");

    org.awaitility.Awaitility.await()
        .until(
            () -> {
              page.reload();
              return page.locator("#job .chip-succeeded").count() == 1;
            });
    page.screenshot(shot("job-light-narrow"));
    page.locator("form[action='/signout'] button").click();
    assertThat(page).hasURL(behalf.web() + "/signin?signedout");
  }

  @Test
  void bad_input_is_told_on_the_page_and_nothing_is_queued() {
    var page = newPage(ColorScheme.DARK, 360, false);
    signUp(page);

    page.locator("[name=operation][value=classify]").check();
    page.locator("[name=text]").fill("hi");
    page.locator("[name=labels]").fill("only one");
    page.locator("#run").click();

    assertThat(page.locator("[role=alert]")).containsText("2 to 100 labels");
    assertThat(page.locator("[name=text]")).hasValue("hi");
    page.screenshot(shot("fault-dark-narrow"));
    page.navigate(behalf.web() + "/home");
    assertThat(page.locator("#jobs .chip")).hasCount(0);
  }

  @Test
  void a_session_that_has_ended_is_told_and_nothing_is_queued() {
    var page = newPage(ColorScheme.LIGHT, 1200, true);
    signUp(page);
    page.locator("[name=operation][value=echo]").check();
    page.locator("[name=text]").fill("too late");
    page.context().clearCookies();

    page.locator("#run").click();

    assertThat(page).hasURL(behalf.web() + "/signin?expired");
    assertThat(page.locator("main")).containsText("Nothing was queued");
    page.screenshot(shot("expired-light-wide"));
  }

  private Page newPage(ColorScheme scheme, int width, boolean script) {
    var context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setColorScheme(scheme)
                .setViewportSize(width, 900)
                .setJavaScriptEnabled(script));
    return context.newPage();
  }

  private void signUp(Page page) {
    page.navigate(behalf.web() + "/signup");
    page.locator("[name=email]").fill(UUID.randomUUID() + "@example.com");
    page.locator("[name=password]").fill("correct horse battery staple");
    page.locator("main button[type=submit]").click();
    assertThat(page).hasURL(behalf.web() + "/home");
  }

  private static void submitEcho(Page page, String text) {
    page.locator("[name=operation][value=echo]").check();
    page.locator("[name=text]").fill(text);
    page.locator("#run").click();
  }

  private static LocatorAssertions.IsVisibleOptions soon() {
    return new LocatorAssertions.IsVisibleOptions().setTimeout(PATIENCE_MILLIS);
  }

  private static Page.ScreenshotOptions shot(String name) {
    return new Page.ScreenshotOptions()
        .setPath(Path.of("target", "screenshots", name + ".png"))
        .setFullPage(true);
  }

  private static Optional<Path> chromium() {
    return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }
}
