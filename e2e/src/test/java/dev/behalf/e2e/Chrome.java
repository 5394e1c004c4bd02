package dev.behalf.e2e;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import dev.behalf.testkit.Required;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A real browser. */
final class Chrome implements AutoCloseable {

  private static final List<String> ARGUMENTS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  /** Of a busy machine, on which a job runs before the page shows it. */
  private static final double PATIENCE_MILLIS = 60_000;

  private final Playwright playwright;
  private final Browser browser;
  private final List<String> complaints = new ArrayList<>();

  private Chrome(Path executable) {
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions().setExecutablePath(executable).setArgs(ARGUMENTS));
  }

  static Chrome startOrSkip() {
    return new Chrome(Required.orSkip("chromium", executable()));
  }

  /** Of somebody who has never been here. */
  Page newPage(ColorScheme scheme, int width, boolean script) {
    var page =
        browser
            .newContext(
                new Browser.NewContextOptions()
                    .setColorScheme(scheme)
                    .setViewportSize(width, 900)
                    .setJavaScriptEnabled(script))
            .newPage();
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            complaints.add(message.text());
          }
        });
    return page;
  }

  /** What the browser has said on its console, such as of the content security policy. */
  List<String> complaints() {
    return complaints;
  }

  /** Takes a picture of the whole page, if pictures are asked for: each takes a second. */
  static void picture(Page page, String name) {
    if (Boolean.getBoolean("behalf.pictures")) {
      page.screenshot(
          new Page.ScreenshotOptions()
              .setPath(Path.of("target", "screenshots", name + ".png"))
              .setFullPage(true));
    }
  }

  /** Keeps what a page prints, if pictures are asked for. */
  static void pdf(byte[] pdf, String name) throws IOException {
    if (Boolean.getBoolean("behalf.pictures")) {
      var folder = Files.createDirectories(Path.of("target", "screenshots"));
      Files.write(folder.resolve(name + ".pdf"), pdf);
    }
  }

  @Override
  public void close() {
    playwright.close();
  }

  /**
   * The headless shell first, where it is installed: the whole browser also draws its own windows,
   * which made these tests take twice as long.
   */
  private static Optional<Path> executable() {
    return Stream.of(
            "/usr/bin/chromium-headless-shell",
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }
}
