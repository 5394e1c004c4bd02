package dev.behalf.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import dev.behalf.testkit.BehalfSystem;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Charts and statements of a user with ten operations, in a real browser. */
@Tag("scenarios")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UsageInBrowserTest {

  private static final int OPERATIONS = 10;
  private static final List<String> PAGES =
      List.of(
          "/usage",
          "/usage?by=key",
          "/usage?by=state",
          "/billing",
          "/billing/MONTH",
          "/billing/MONTH/charges",
          "/jobs/JOB/receipt",
          "/receipts/check");

  private static final Pattern PDF_PAGE = Pattern.compile("/Type\\s*/Page\\b");

  private BehalfSystem behalf;
  private Chrome chrome;
  private UUID user = UUID.randomUUID();
  private UUID job = UUID.randomUUID();
  private List<Cookie> cookies = List.of();

  @BeforeAll
  void start() throws Exception {
    chrome = Chrome.startOrSkip();
    behalf = BehalfSystem.shared();
    signUp();
    fill();
  }

  @AfterAll
  void stop() throws SQLException {
    if (chrome != null) {
      chrome.close();
      execute("delete from accounts.users where id = '%s'".formatted(user));
    }
  }

  @Test
  void a_column_is_read_with_the_pointer_and_with_the_arrow_keys() throws Exception {
    var page = open(ColorScheme.LIGHT, 1200);
    page.navigate(behalf.web() + "/usage?by=day");
    var chart = page.locator(".chart").last();
    var readout = chart.locator(".readout");
    assertThat(readout).containsText("point to the column");

    chart.locator(".column").first().hover();
    assertThat(readout).containsText("UTC: Units 110");
    page.mouse().move(0, 0);
    assertThat(readout).containsText("point to the column");

    chart.locator("input").focus();
    var last = readout.textContent();
    page.keyboard().press("Home");
    assertThat(readout).not().hasText(last);
    assertThat(chart.locator("input")).hasAttribute("aria-valuetext", readout.textContent());
    assertThat(chart.locator(".column.current")).hasCount(1);
    page.keyboard().press("End");
    assertThat(readout).hasText(last);
  }

  @Test
  void the_labels_of_a_phone_are_as_large_as_those_of_a_desk_and_do_not_touch() throws Exception {
    var page = open(ColorScheme.LIGHT, 360);

    for (var by : List.of("operation", "state")) {
      page.navigate(behalf.web() + "/usage?by=" + by);
      for (var labels : List.of(".label", ".tick")) {
        for (var chart : page.locator(".chart").all()) {
          assertLegible(chart.locator(labels));
        }
      }
    }
  }

  private static void assertLegible(Locator labels) {
    var boxes = labels.all().stream().map(Locator::boundingBox).toList();
    assertThat(boxes).isNotEmpty().allMatch(box -> box.height >= 12 && box.x >= 0);
    assertThat(boxes).allMatch(box -> box.x + box.width <= 360);
    for (int at = 1; at < boxes.size(); at++) {
      var before = boxes.get(at - 1);
      var after = boxes.get(at);
      assertThat(after.x >= before.x + before.width || after.y + after.height <= before.y)
          .as("label %d is beside label %d", at, at - 1)
          .isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/billing/MONTH", "/jobs/JOB/receipt"})
  void a_statement_and_a_receipt_are_printed_on_one_sheet_without_the_site_around_them(
      String address) throws Exception {
    var page = open(ColorScheme.DARK, 1200);
    page.navigate(behalf.web() + filled(address));

    var pdf = page.pdf(new Page.PdfOptions().setFormat("A4"));

    var name = "print" + address.replaceAll("[^a-z]+", "-");
    Chrome.pdf(pdf, name);
    assertThat(PDF_PAGE.matcher(new String(pdf, ISO_8859_1)).results().count()).isEqualTo(1);
    page.emulateMedia(
        new Page.EmulateMediaOptions().setMedia(com.microsoft.playwright.options.Media.PRINT));
    Chrome.picture(page, name);
    assertThat(page.locator("main h1")).isVisible();
    for (var part : List.of(".site-menu", ".foot", "main button", "main form")) {
      assertThat(page.locator(part + ":visible")).hasCount(0);
    }
  }

  @Test
  void the_button_opens_the_print_dialog() throws Exception {
    var page = open(ColorScheme.LIGHT, 1200);
    page.navigate(behalf.web() + filled("/billing/MONTH"));
    page.evaluate("window.print = () => { document.title = 'printed'; }");

    page.locator("[data-print]").click();

    assertThat(page).hasTitle("printed");
  }

  @ParameterizedTest
  @CsvSource({"LIGHT,360", "DARK,1440"})
  void no_page_has_a_fault_of_accessibility(ColorScheme scheme, int width) {
    var page = open(scheme, width);

    for (var address : PAGES) {
      page.navigate(behalf.web() + filled(address));
      assertThat(AccessibilityRules.brokenOn(page)).as(address).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"LIGHT,360", "LIGHT,768", "LIGHT,1440", "DARK,360", "DARK,768", "DARK,1440"})
  void no_page_scrolls_sideways(ColorScheme scheme, int width) {
    var page = open(scheme, width);

    for (var address : PAGES) {
      page.navigate(behalf.web() + filled(address));
      Chrome.picture(
          page, "usage" + address.replaceAll("[^a-z]+", "-") + "-" + scheme + "-" + width);
      assertThat(
              page.evaluate(
                  "document.documentElement.scrollWidth > document.documentElement.clientWidth"))
          .as("%s scrolls sideways", address)
          .isEqualTo(false);
    }
  }

  private String filled(String address) {
    return address
        .replace("MONTH", YearMonth.now(ZoneOffset.UTC).toString())
        .replace("JOB", job.toString());
  }

  private void signUp() throws SQLException {
    var page = chrome.newPage(ColorScheme.LIGHT, 1200, true);
    var email = UUID.randomUUID() + "@example.com";
    page.navigate(behalf.web() + "/signup");
    page.locator("[name=email]").fill(email);
    page.locator("[name=password]").fill("correct horse battery staple");
    page.locator("main button[type=submit]").click();
    page.waitForURL(behalf.web() + "/home");
    user =
        UUID.fromString(
            behalf.text("select id from accounts.users where email = '%s'".formatted(email)));
    cookies = page.context().cookies();
    page.context().close();
  }

  /** Writes charges of today, of yesterday and of last week. */
  private void fill() throws SQLException {
    var now = Instant.now();
    for (int at = 1; at <= OPERATIONS; at++) {
      job = UUID.randomUUID();
      charge("operation-" + at, at, "key" + at, now);
      job = UUID.randomUUID();
      charge("operation-" + at, 2L * at, "key" + at, now.minus(Duration.ofHours(30)));
      job = UUID.randomUUID();
      charge("operation-" + at, 3, "key" + at, now.minus(Duration.ofDays(6)));
    }
    for (var state : List.of("failed", "cancelled")) {
      execute(
          """
          insert into jobs.jobs (user_id, id, environment, operation, payload, state, not_before, fingerprint, created_at,
                                 finished_at, units)
          values ('%s', '%s', 'live', 'echo', '{}', '%s', now(), '', now(), now(), null)
          """
              .formatted(user, UUID.randomUUID(), state));
    }
  }

  /** Opens a window of the user. */
  private Page open(ColorScheme scheme, int width) {
    var page = chrome.newPage(scheme, width, true);
    page.context().addCookies(cookies);
    return page;
  }

  private void charge(String operation, long units, String key, Instant at) throws SQLException {
    execute(
        """
        insert into compute.results values ('%1$s', '%2$s', 'live', '%3$s', '', '{}', %4$d, '%6$s');
        insert into compute.ledger
          values ('%1$s', '%2$s', 'live', to_char('%6$s'::timestamptz at time zone 'UTC', 'YYYY-MM'), %4$d,
                  'managed00000', '%6$s', '%3$s', '%5$s');
        insert into compute.quota
          values ('%1$s', 'live', to_char('%6$s'::timestamptz at time zone 'UTC', 'YYYY-MM'), 100000, %4$d)
          on conflict (user_id, environment, period) do update set used = compute.quota.used + excluded.used;
        """
            .formatted(user, job, operation, units, key, at));
  }

  private void execute(String sql) throws SQLException {
    try (var database = behalf.database();
        var statement = database.createStatement()) {
      statement.execute(sql);
    }
  }
}
