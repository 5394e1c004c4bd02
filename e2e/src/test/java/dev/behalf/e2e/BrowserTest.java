package dev.behalf.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import com.microsoft.playwright.options.ReducedMotion;
import com.microsoft.playwright.options.RequestOptions;
import dev.behalf.database.Operators;
import dev.behalf.standalone.Ports;
import dev.behalf.testkit.BehalfSystem;
import dev.behalf.testkit.Person;
import dev.behalf.testkit.Required;
import dev.behalf.testkit.TestDefinitions;
import dev.behalf.testkit.faults.FaultProxy;
import dev.behalf.testkit.faults.Toxic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A real browser presses the button. With -Dbehalf.pictures=true, pictures of what it saw are in
 * target/screenshots.
 */
@Tag("scenarios")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrowserTest {

  private BehalfSystem behalf;
  private Chrome chrome;

  @BeforeAll
  void start() throws Exception {
    chrome = Chrome.startOrSkip();
    behalf = BehalfSystem.shared();
  }

  @AfterAll
  void stop() throws Exception {
    if (chrome != null) {
      chrome.close();
    }
  }

  @Test
  void a_click_ends_with_the_result_on_the_page() {
    chrome.complaints().clear();
    var page = newPage(ColorScheme.LIGHT, 1200, true);
    signUp(page);

    choose(page, "classify");
    page.locator("[name='/text']").fill("Where is my parcel? It should have been here on Monday.");
    page.locator("[name='/labels']").fill("delivery delay\npraise\nlogin problem");
    page.locator("#run").click();

    assertThat(page.locator("#job .chip-succeeded")).isVisible();
    assertThat(page.locator("#job .scores")).containsText("delivery delay");
    assertThat(page.url()).endsWith("#answer");
    assertThat(page.evaluate("scrollY")).as("the header is in sight above the answer").isEqualTo(0);
    assertThat(page.locator("[name='/labels']")).hasValue("delivery delay\npraise\nlogin problem");
    Chrome.picture(page, "playground-light-wide");
    page.locator("[name='/text']").fill("typed beside the answer");
    page.reload();
    assertThat(page.locator("[name='/text']")).hasValue("typed beside the answer");
    assertThat(page.locator("[name='/labels']")).hasValue("delivery delay\npraise\nlogin problem");
    page.locator("#job-title a").click();
    assertThat(page.locator(".waterfall [data-step=engine] .took")).containsText("ms");
    Chrome.picture(page, "job-light-wide");
    page.navigate(behalf.web() + "/home");
    assertThat(page.locator("#jobs .chip-succeeded")).isVisible();
    assertThat(chrome.complaints())
        .as("what the browser complained of, such as the content security policy")
        .isEmpty();
  }

  /** The second example of the README. */
  @Test
  void long_work_comes_to_its_page_word_by_word() throws Exception {
    var python = Required.program("python3");
    try (var engine = SampleEngine.start(python, "engine.py", Ports.free());
        var database = behalf.database()) {
      TestDefinitions.apply(
          database, SampleEngine.definition("shout-slowly.yaml", engine.port()), "test");
      var page = newPage(ColorScheme.LIGHT, 1200, true);
      signUp(page);
      Awaitility.await()
          .until(() -> page.request().get(behalf.web() + "/docs/operations/shout-slowly").ok());

      choose(page, "shout-slowly");
      page.locator("#run").click();

      assertThat(page.locator("#run-output:has-text('WORK THAT TAKES A WHILE')")).isVisible();
      assertThat(page.locator("#job .chip-succeeded")).not().isVisible();
      assertThat(page.locator("#job-began")).containsText("Running since");
      assertThat(page.locator("#job-began .silent")).not().isVisible();
      assertThat(page.locator("#job-cost [data-since]")).hasText(Pattern.compile("[2-8] s"));
      Chrome.picture(page, "run-light-wide");
      assertThat(page.locator("#job .chip-succeeded")).isVisible();
      assertThat(page.locator("#job")).containsText("STOPPED AT ANY TIME");
      try (var retire = database.prepareStatement("select jobs.retire_operation('shout-slowly')")) {
        retire.executeQuery();
      }
    }
  }

  @Test
  void who_types_while_the_fields_of_an_operation_are_on_their_way_goes_on_typing() {
    var page = newPage(ColorScheme.LIGHT, 1200, true);
    signUp(page);
    page.route(
        "**/home?operation=echo",
        route -> {
          page.locator("[name='/text']").focus();
          page.keyboard().press("Control+A");
          route.resume();
        });

    choose(page, "echo");
    assertThat(page.locator("[name='/text']")).isFocused();
    page.keyboard().insertText("typed meanwhile");

    assertThat(page.locator("[name='/text']")).hasValue("typed meanwhile");
  }

  @Test
  void the_list_of_jobs_updates_by_itself() {
    var page = newPage(ColorScheme.DARK, 1200, true);
    signUp(page);
    page.navigate(behalf.web() + "/home");
    var other = page.context().newPage();
    other.navigate(behalf.web() + "/home");

    submitEcho(other, "from the other tab");

    assertThat(page.locator("#jobs .chip-succeeded")).isVisible();
    Chrome.picture(page, "home-dark-wide");
  }

  @Test
  void what_happens_during_a_cut_of_a_minute_is_on_the_page_after_it() throws Exception {
    var page = newPage(ColorScheme.LIGHT, 1200, true);
    signUp(page);
    var other = page.context().newPage();
    other.navigate(behalf.web() + "/home");
    try (var network = new FaultProxy(behalf.web().getPort())) {
      page.navigate("http://127.0.0.1:" + network.port() + "/jobs");
      assertThat(page.locator("#live")).hasText("Auto-refresh on");

      network.set(new Toxic.Down());
      submitEcho(other, "while the network was cut");
      assertThat(other.locator("#job .chip-succeeded")).isVisible();
      assertThat(page.locator("#live")).hasText("Reconnecting…");
      other.waitForTimeout(60_000);
      var back = page.waitForRequest("**/live**", () -> heal(network));

      assertThat(back.allHeaders()).containsKey("last-event-id");
      assertThat(page.locator("#jobs .chip-succeeded")).isVisible();
      assertThat(page.locator("#live")).hasText("Auto-refresh on");
      page.context().close();
    }
  }

  @Test
  void what_happens_while_a_tab_is_hidden_is_on_the_page_when_it_is_seen_again() {
    var page = newPage(ColorScheme.LIGHT, 1200, true);
    signUp(page);
    var other = page.context().newPage();
    other.navigate(behalf.web() + "/home");
    page.navigate(behalf.web() + "/jobs");
    assertThat(page.locator("#live")).hasText("Auto-refresh on");

    hide(page, true);
    submitEcho(other, "while nobody looked");
    assertThat(other.locator("#job .chip-succeeded")).isVisible();
    assertThat(page.locator("#jobs .chip")).hasCount(0);
    var back = page.waitForRequest("**/live?after=**", () -> hide(page, false));

    assertThat(page.locator("#jobs .chip-succeeded")).isVisible();
    assertThat(back.url()).matches(".*after=[0-9a-f-]+(\\.\\d+)?");
  }

  private static void heal(FaultProxy network) {
    try {
      network.heal();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A browser without a window never hides a page by itself. */
  private static void hide(Page page, boolean hidden) {
    page.evaluate(
        "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
            + " document.dispatchEvent(new Event('visibilitychange')); }",
        hidden);
  }

  @Test
  void it_works_without_javascript() {
    var page = newPage(ColorScheme.LIGHT, 360, false);
    signUp(page);
    Chrome.picture(page, "home-light-narrow");

    submitEcho(page, "no script");

    Awaitility.await()
        .until(
            () -> {
              page.reload();
              return page.locator("#job .chip-succeeded").count() == 1;
            });
    Chrome.picture(page, "job-light-narrow");
    page.locator(".menu-button").click();
    Chrome.picture(page, "menu-light-narrow");
    page.locator(".account summary").click();
    page.locator("form[action^='/signout?'] button").click();
    assertThat(page).hasURL(behalf.web() + "/signin?signedout");
  }

  @Test
  void bad_input_is_told_on_the_page_and_nothing_is_queued() {
    var page = newPage(ColorScheme.DARK, 360, false);
    signUp(page);

    choose(page, "classify");
    page.locator("[name='/text']").fill("hi");
    page.locator("[name='/labels']").fill("only one");
    page.locator("#run").click();

    assertThat(page.locator("[role=alert]")).containsText("Labels: Give at least 2.");
    assertThat(page.locator("[name='/text']")).hasValue("hi");
    Chrome.picture(page, "fault-dark-narrow");
    page.navigate(behalf.web() + "/home");
    assertThat(page.locator("#jobs .chip")).hasCount(0);
  }

  @Test
  void what_was_typed_in_a_session_that_has_ended_is_there_after_the_next_sign_in() {
    var page = newPage(ColorScheme.LIGHT, 1200, true);
    var email = signUp(page);
    choose(page, "echo");
    page.locator("[name='/text']").fill("too late");
    page.context().clearCookies();

    page.locator("#run").click();

    assertThat(page).hasURL(behalf.web() + "/signin?expired&next=%2Fjobs%2Fnew");
    assertThat(page.locator("main")).containsText("Nothing was queued");
    Chrome.picture(page, "expired-light-wide");
    page.locator("[name=email]").fill(email);
    page.locator("[name=password]").fill("correct horse battery staple");
    page.locator("main button.primary").click();
    assertThat(page.locator("[data-operation=echo][aria-current]")).isVisible();
    assertThat(page.locator("[name='/text']")).hasValue("too late");
    choose(page, "classify");
    assertThat(page.locator("[name='/text']")).hasValue("too late");
    page.reload();
    assertThat(page.locator("[data-operation=classify][aria-current]")).isVisible();
    assertThat(page.locator("[name='/text']")).hasValue("too late");
    assertThat(page.locator("[name='/labels']")).not().hasValue("");
    choose(page, "echo");

    page.locator("[name='/text']").press("Control+Enter");
    assertThat(page.locator("#job .chip-succeeded")).isVisible();
    page.navigate(behalf.web() + "/jobs/new?operation=echo");
    assertThat(page.locator("[name='/text']")).not().hasValue("too late");
  }

  @Test
  void what_was_typed_into_another_form_is_there_after_the_next_sign_in_until_it_is_accepted() {
    var page = newPage(ColorScheme.LIGHT, 1200, true);
    var email = signUp(page);
    page.navigate(behalf.web() + "/webhooks/new");
    page.locator("[name=url]").fill("https://shop.example/hook");
    page.locator("[name=events]").first().uncheck();
    page.context().clearCookies();

    page.locator("main button.primary").click();
    page.locator("[name=email]").fill(email);
    page.locator("[name=password]").fill("correct horse battery staple");
    page.locator("main button.primary").click();

    assertThat(page).hasURL(behalf.web() + "/webhooks/new");
    assertThat(page.locator("[name=url]")).hasValue("https://shop.example/hook");
    assertThat(page.locator("[name=events]").first()).not().isChecked();
    page.locator("[name=url]").fill("http://127.0.0.1:9/hook");
    page.locator("main button.primary").click();
    assertThat(page.locator("[data-guard]")).isVisible();
    // The page that says so forgets the draft.
    page.waitForFunction("() => !sessionStorage.getItem('sent draft')");
    page.navigate(behalf.web() + "/webhooks/new");
    assertThat(page.locator("[name=url]")).hasValue("");
  }

  @Test
  void a_page_whose_session_has_ended_says_so_and_keeps_what_was_typed() {
    var page = newPage(ColorScheme.LIGHT, 1200, true);
    signUp(page);
    page.locator("[name='/text']").fill("not lost");
    page.context().clearCookies();

    hide(page, true);
    hide(page, false);

    assertThat(page.locator("#signed-out")).isVisible();
    assertThat(page.locator("[name='/text']")).hasValue("not lost");
  }

  @Test
  void strangers_see_what_it_is_by_one_recorded_job() {
    chrome.complaints().clear();
    for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      for (var width : List.of(360, 1440)) {
        var page = newPage(scheme, width, true);
        // Otherwise the steps of the recording appear one after the other.
        page.emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE));
        page.navigate(behalf.web() + "/");
        assertThat(page.locator(".recording li").last()).isVisible();
        var faults = new java.util.TreeMap<String, List<String>>();
        look(page, "/front-" + width, scheme.name().toLowerCase(java.util.Locale.ROOT), faults);
        assertThat(faults).isEmpty();
        page.context().close();
      }
    }
    assertThat(chrome.complaints()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"LIGHT", "DARK"})
  void a_key_is_created_rotated_and_revoked_on_the_pages(ColorScheme scheme) {
    chrome.complaints().clear();
    var look = scheme.name().toLowerCase(java.util.Locale.ROOT);
    var page = newPage(scheme, scheme == ColorScheme.LIGHT ? 1200 : 360, true);
    page.onDialog(com.microsoft.playwright.Dialog::accept);
    signUp(page);

    page.navigate(behalf.web() + "/keys");
    Chrome.picture(page, "keys-" + look);
    page.locator("main .head a.button").click();
    page.locator("[name=name]").fill("nightly import");
    page.locator("[name=environment][value=live]").check();
    Chrome.picture(page, "key-new-" + look);
    page.locator("main button:has-text('Create key')").click();

    assertThat(page.locator("#secret")).containsText("bh_live_");
    Chrome.picture(page, "key-created-" + look);
    page.locator("#rotation").click();
    Chrome.picture(page, "rotation-" + look);
    page.locator("main [name=overlap][value='24h']").check();
    page.locator("main button:has-text('Rotate')").click();
    assertThat(page.locator("#secret")).containsText("bh_live_");
    assertThat(sidewaysScroll(page)).isZero();
    Chrome.picture(page, "key-rotated-" + look);

    page.navigate(behalf.web() + "/keys");
    assertThat(page.locator("main .chip-rotating")).hasCount(1);
    page.locator("main details:has-text('Revoke') summary").last().click();
    page.locator("form[action^='/keys/revocation?'] button").click();
    assertThat(page.locator("main [role=status]")).containsText("were revoked");
    // Two of the person's and two that workers had; two new ones are there for the jobs to come.
    assertThat(page.locator("main .chip-revoked")).hasCount(4);
    assertThat(page.locator("main .chip-active")).hasCount(2);
    assertThat(sidewaysScroll(page)).isZero();
    Chrome.picture(page, "keys-revoked-" + look);
    for (var other : List.of("settings", "activity", "applications")) {
      page.navigate(behalf.web() + "/" + other);
      assertThat(page.locator("main h1")).isVisible();
      assertThat(sidewaysScroll(page)).as(other).isZero();
      Chrome.picture(page, other + "-" + look);
    }
    assertThat(chrome.complaints()).isEmpty();
  }

  @Test
  void the_api_is_tried_with_a_test_key_of_ones_own() {
    chrome.complaints().clear();
    var page = newPage(ColorScheme.LIGHT, 1200, true);
    signUp(page);

    page.navigate(behalf.web() + "/docs/api");
    page.locator("button:has-text('Create a test key')").click();
    assertThat(page.locator("#explorer .credential [role=status]"))
        .containsText("is in use on this page");
    var me = page.locator("#explorer details:has-text('/api/v1/me')");
    me.locator("summary").click();
    me.locator("button.send").click();

    assertThat(me.locator("pre")).containsText("\"environment\": \"test\"");
    Chrome.picture(page, "explorer-light");
    assertThat(chrome.complaints()).isEmpty();
  }

  @Test
  void an_application_with_springs_own_client_acts_for_the_user() throws Exception {
    chrome.complaints().clear();
    var page = newPage(ColorScheme.DARK, 1200, true);
    page.onDialog(com.microsoft.playwright.Dialog::accept);
    var email = signUp(page);
    var port = Ports.free();
    page.navigate(behalf.web() + "/applications/new");
    page.locator("[name=name]").fill("Parcel tracker");
    page.locator("[name=redirect_uris]").fill(ClientApplication.redirectUri(port));
    page.locator("[name=scopes][value='jobs:write']").check();
    page.locator("main form[action^='/applications?'] button").last().click();
    var clientId = page.locator("#client-id").textContent();
    var secret = page.locator("#client-secret").textContent();

    try (var application = ClientApplication.start(port, behalf.web(), clientId, secret)) {
      page.navigate("http://127.0.0.1:" + port + "/");
      assertThat(page.locator("main h1")).containsText("Parcel tracker");
      Chrome.picture(page, "consent-dark");
      page.locator("button:has-text('Allow')").click();
      page.waitForURL("http://127.0.0.1:" + port + "/**");
      assertThat(page.locator("body")).containsText("\"credential\":\"application " + clientId);

      // Somewhere else, not signed in: by way of the sign-in form and back, without being asked
      // again.
      var elsewhere = newPage(ColorScheme.LIGHT, 1200, true);
      elsewhere.navigate("http://127.0.0.1:" + port + "/");
      assertThat(elsewhere).hasURL(behalf.web() + "/signin");
      elsewhere.locator("[name=email]").fill(email);
      elsewhere.locator("[name=password]").fill("correct horse battery staple");
      elsewhere.locator("main button.primary").click();
      elsewhere.waitForURL("http://127.0.0.1:" + port + "/**");
      assertThat(elsewhere.locator("body")).containsText("application " + clientId);
    }
    page.navigate(behalf.web() + "/applications");
    assertThat(page.locator("main")).containsText("Parcel tracker");
    Chrome.picture(page, "applications-dark");
    assertThat(chrome.complaints()).isEmpty();
  }

  /** Every page of a person who has something on it, by the rules of WCAG 2.2 AA. */
  @ParameterizedTest
  @EnumSource(names = {"LIGHT", "DARK"})
  void no_page_has_a_fault_of_accessibility(ColorScheme scheme) {
    chrome.complaints().clear();
    var look = scheme.name().toLowerCase(java.util.Locale.ROOT);
    var page = newPage(scheme, scheme == ColorScheme.LIGHT ? 1200 : 360, true);
    signUp(page);
    submitEcho(page, "for the list");
    assertThat(page.locator("#job .chip-succeeded")).isVisible();
    page.locator("#job-title a").click();
    assertThat(page.locator("#job-timeline")).isVisible();
    var job = page.url();
    var faults = new java.util.TreeMap<String, List<String>>();
    var month = YearMonth.now(ZoneOffset.UTC);
    var mine =
        List.of(
            job,
            job + "/receipt",
            job + "/shares",
            "/home",
            "/jobs",
            "/jobs?q=colour:blue",
            "/jobs/new",
            "/jobs/bulk/new?action=cancel",
            "/batches",
            "/batches/new",
            "/keys",
            "/keys/new",
            "/usage",
            "/usage?by=key",
            "/usage?by=state",
            "/billing",
            "/billing/" + month,
            "/billing/" + month + "/charges",
            "/receipts/check",
            "/webhooks",
            "/webhooks/new",
            "/webhooks/try",
            "/applications",
            "/applications/new",
            "/activity",
            "/settings",
            "/settings/second-factor",
            "/settings/passkeys",
            "/settings/retention",
            "/password/forgotten",
            "/password/link?token=old",
            "/docs",
            "/docs/operations",
            "/docs/operations/classify",
            "/docs/problems",
            "/docs/problems/quota_exceeded",
            "/nothing",
            "/test/home",
            "/test/jobs");
    for (var address : mine) {
      page.navigate(address.startsWith("/") ? behalf.web() + address : address);
      look(page, address, look, faults);
    }
    look(page, key(page), look, faults);
    page.locator("main a[href$='/requests']").click();
    page.waitForURL("**/keys/*/requests");
    look(page, "/keys/one/requests", look, faults);
    page.navigate(behalf.web() + "/keys");
    look(page, "/keys/used", look, faults);
    look(page, preview(page), look, faults);
    page.navigate(behalf.web() + "/batches/new");
    look(page, "/batches/new/again", look, faults);
    look(page, batch(page), look, faults);
    look(page, webhook(page), look, faults);
    var link = share(page, job);
    look(page, "/jobs/one/shares", look, faults);
    page.navigate(link);
    look(page, "/shared/one", look, faults);

    assertThat(faults).isEmpty();
    assertThat(chrome.complaints()).allMatch(told -> told.contains("404") || told.contains("422"));
  }

  @Test
  void without_a_mail_server_an_operator_passes_a_link_on_and_it_proves_the_address()
      throws Exception {
    var page = newPage(ColorScheme.LIGHT, 1200, true);
    var email = signUp(page);
    makeOperator(email);
    Awaitility.await().until(() -> page.request().get(behalf.web() + "/ops").status() == 200);
    page.navigate(behalf.web() + "/settings");
    page.locator("form[action^='/settings/address/confirmation'] button").click();
    assertThat(page.locator(".note")).isVisible();
    var mail = page.locator("main tr", new Page.LocatorOptions().setHasText(email));
    Awaitility.await()
        .until(
            () -> {
              page.navigate(behalf.web() + "/ops/mails");
              return mail.locator("details").count() > 0;
            });
    mail.locator("summary").click();
    var link =
        java.util.regex.Pattern.compile("/address/link\\S+")
            .matcher(mail.locator("pre").textContent());
    assertThat(link.find()).isTrue();

    page.navigate(behalf.web() + link.group());
    page.locator("main button.primary").click();
    assertThat(page.locator(".note")).containsText("confirmed");
    page.navigate(behalf.web() + "/settings");

    assertThat(page.locator("form[action^='/settings/address/confirmation']")).hasCount(0);
  }

  @ParameterizedTest
  @EnumSource(names = {"LIGHT", "DARK"})
  void no_page_of_operators_has_a_fault_of_accessibility(ColorScheme scheme) throws Exception {
    chrome.complaints().clear();
    var look = scheme.name().toLowerCase(java.util.Locale.ROOT);
    var page = newPage(scheme, scheme == ColorScheme.LIGHT ? 1200 : 360, true);
    var email = signUp(page);
    makeOperator(email);
    // The replica learns of it by a notification, which can be later than the next click.
    Awaitility.await().until(() -> page.request().get(behalf.web() + "/ops").status() == 200);
    page.navigate(behalf.web() + "/settings");
    page.locator("form[action^='/settings/address/confirmation'] button").click();
    assertThat(page.locator(".note")).isVisible();
    figuresOfMinutes();
    var faults = new java.util.TreeMap<String, List<String>>();
    for (var name :
        List.of(
            "",
            "/queues",
            "/fairness",
            "/workers",
            "/operations",
            "/operations/echo",
            "/dead",
            "/accounts",
            "/platforms",
            "/mails",
            "/ledger",
            "/audit")) {
      page.navigate(behalf.web() + "/ops" + name);
      assertThat(page.locator("main h1")).isVisible();
      openAll(page);
      look(page, "/ops" + name, look, faults);
    }
    var user = UUID.randomUUID() + "@example.com";
    Person.signUp(behalf.web(), user, "correct horse battery staple");
    page.navigate(behalf.web() + "/ops/accounts?email=" + user);
    page.locator("main tbody a").first().click();
    page.waitForURL("**/ops/accounts/*-*");
    openAll(page);
    look(page, "/ops/accounts/one", look, faults);
    page.locator("form[action*='/view'] button").click();
    page.waitForURL("**/home");
    for (var name : List.of("/jobs", "/keys", "/webhooks")) {
      page.navigate(behalf.web() + name);
      assertThat(page.locator(".mode-bar")).containsText("Viewing as " + user);
      look(page, "/viewed" + name, look, faults);
    }

    assertThat(faults).isEmpty();
    assertThat(chrome.complaints()).isEmpty();
  }

  /** Stores figures of the last hour, with a gap. */
  private void figuresOfMinutes() throws Exception {
    try (var connection = behalf.database();
        var insert =
            connection.prepareStatement(
                """
                insert into ops.minutes
                select date_trunc('minute', now()) - make_interval(mins => n), environment, 40 + n % 17, 39 + n % 13, n % 4,
                       3 * n, n % 9, 0.2 + n % 7, 0.05 * (1 + n % 5)
                from generate_series(2, 60) n, (values ('live'), ('test')) as e (environment)
                where n not between 30 and 35 on conflict do nothing
                """)) {
      insert.executeUpdate();
    }
  }

  /** Opens all parts of a page that show more. */
  private static void openAll(Page page) {
    page.locator("main details").evaluateAll("all => all.forEach(one => (one.open = true))");
  }

  private void makeOperator(String email) throws Exception {
    try (var connection = behalf.database()) {
      var operators = new Operators(connection);
      operators.set(operators.find(email).getFirst().id(), Operators.Role.OPERATOR);
    }
  }

  /** Uploads a small file, and starts it; leads to its page. */
  private String batch(Page page) {
    preview(page);
    page.locator("#start").click();
    assertThat(page.locator("#progress-title")).isVisible();
    return "/batches/one";
  }

  /** Uploads a small file; leads to its preview. */
  private String preview(Page page) {
    page.navigate(behalf.web() + "/batches/new");
    page.locator("#file")
        .setInputFiles(
            new FilePayload(
                "few.csv",
                "text/csv",
                "operation,text\necho,one\nnonsense,two\n".getBytes(StandardCharsets.UTF_8)));
    page.locator("#send").click();
    assertThat(page.locator("#preview-facts")).isVisible();
    return "/batches/uploads/one";
  }

  /**
   * Creates a key and makes a request with it; leads to the key's page, which shows the request.
   */
  private String key(Page page) {
    page.navigate(behalf.web() + "/keys/new");
    page.locator("[name=name]").fill("nightly import");
    page.locator("main button:has-text('Create key')").click();
    var secret = page.locator("#secret").textContent();
    page.request()
        .get(
            behalf.web() + "/api/v1/keys",
            RequestOptions.create().setHeader("Authorization", "Api-Key " + secret));
    page.navigate(behalf.web() + "/keys");
    page.locator("main tbody a").first().click();
    reloadUntil(page, "main tbody:has-text('scope_missing')");
    return "/keys/one";
  }

  /** Creates a share link of a job; leads to the page that shows the link. */
  private static String share(Page page, String job) {
    page.navigate(job + "/shares");
    page.locator("main form[action*='/shares?'] button").click();
    return page.locator("#secret").textContent();
  }

  private String webhook(Page page) {
    page.navigate(behalf.web() + "/webhooks/new");
    page.locator("main [name=url]").fill("https://hooks.example.com/behalf");
    page.locator("main form[action^='/webhooks?'] button").click();
    page.navigate(behalf.web() + "/webhooks");
    page.locator("main tbody a").first().click();
    page.waitForURL("**/webhooks/*-*");
    return "/webhooks/one";
  }

  /** A picture of the page, and what the rules say of it. */
  private static void look(
      Page page, String address, String look, Map<String, List<String>> faults) {
    var name = address.replaceAll(".*/jobs/[0-9a-f-]{36}", "one-job").replaceAll("[^a-z-]+", "-");
    Chrome.picture(page, "page-" + name + "-" + look);
    var found =
        AccessibilityRules.brokenOn(page).stream()
            .map(rule -> rule.getId() + " " + rule.getNodes().getFirst().getHtml())
            .toList();
    if (!found.isEmpty()) {
      faults.put(address, found);
    }
    if (sidewaysScroll(page) > 0) {
      faults.put(address + " sideways", List.of("scrolls by " + sidewaysScroll(page)));
    }
  }

  @Test
  void a_file_of_ten_thousand_jobs_is_sent_and_fetched_back_in_its_order() throws Exception {
    var page = newPage(ColorScheme.LIGHT, 1200, true);
    signUp(page);
    var lines =
        IntStream.rangeClosed(1, 10_000)
            .mapToObj(i -> "echo,line " + i)
            .collect(Collectors.joining("\n", "operation,text\n", "\n"));
    page.navigate(behalf.web() + "/batches/new");
    page.locator("#file")
        .setInputFiles(
            new FilePayload("texts.csv", "text/csv", lines.getBytes(StandardCharsets.UTF_8)));
    page.locator("#send").click();
    assertThat(page.locator("#start")).hasText("Start 10,000 jobs");
    page.locator("#start").click();

    assertThat(page.locator("#progress-title")).containsText("of 10,000 done");
    assertThat(progressIsRightUntilTheEnd(page)).as("times that it was compared").isGreaterThan(3);
    assertThat(page.locator("#progress-title"))
        .hasText(
            "10,000 of 10,000 done", new LocatorAssertions.HasTextOptions().setTimeout(240_000));
    Chrome.picture(page, "batch-light");
    var download = page.waitForDownload(() -> page.locator("a[download]").first().click());
    var results = Files.readAllLines(download.path());
    assertThat(results).hasSize(10_001);
    for (int line = 1; line <= 10_000; line++) {
      assertThat(results.get(line))
          .startsWith("echo,line " + line + ",succeeded,")
          .contains("line " + line + "\"");
    }
  }

  /** What the page shows lies between what the table said before and after it. */
  private int progressIsRightUntilTheEnd(Page page) {
    var id = page.url().substring(page.url().lastIndexOf('/') + 1);
    var ended =
        "select count(*) from jobs.jobs where batch_id = '%s' and finished_at is not null"
            .formatted(id);
    var times = 0;
    long before;
    do {
      before = behalf.count(ended);
      var shown =
          Long.parseLong(
              page.request()
                  .get(behalf.web() + "/batches/" + id + "/progress")
                  .text()
                  .replaceAll("(?s).*<h2 id=\"progress-title\">([0-9,]+) .*", "$1")
                  .replace(",", ""));
      assertThat(shown).isBetween(before, behalf.count(ended));
      times++;
      // Otherwise looking would take what the jobs need.
      page.waitForTimeout(500);
    } while (before < 10_000);
    return times;
  }

  @Test
  void without_javascript_everything_can_be_read_and_done() {
    var page = newPage(ColorScheme.DARK, 360, false);
    signUp(page);

    batch(page);
    reloadUntil(page, "#progress-title:has-text('1 of 1 done')");
    var results = page.waitForDownload(() -> page.locator("a[download]").first().click());
    assertThat(results.suggestedFilename()).startsWith("results-");

    page.navigate(behalf.web() + "/test/home");
    submitEcho(page, "fail.once");
    reloadUntil(page, "#job .chip-succeeded");
    page.navigate(behalf.web() + "/test/home");
    submitEcho(page, "fail.always");
    reloadUntil(page, "#job .chip-failed");
    page.navigate(behalf.web() + "/test/jobs?q=state:failed");
    assertThat(page.locator("#jobs .chip-failed")).hasCount(1);
    page.locator("#view-name").fill("what failed");
    page.locator("form[action^='/test/jobs/views?'] button").click();
    assertThat(page.locator("main a:has-text('what failed')")).isVisible();
    page.locator("a[href*='action=retry']").click();
    page.locator("#begin").click();
    reloadUntil(page, "main progress[value='1']");

    page.navigate(behalf.web() + "/keys/new");
    page.locator("[name=name]").fill("by hand");
    page.locator("main button:has-text('Create key')").click();
    assertThat(page.locator("#secret")).containsText("bh_");
    webhook(page);
    page.locator("main form[action*='/disablement?'] button").click();
    assertThat(page.locator("main form[action*='/disablement/end?'] button")).isVisible();

    page.navigate(behalf.web() + "/billing");
    page.locator("main tbody a").first().click();
    page.locator("main a[href*='/charges']").first().click();
    page.locator("main a[href*='/receipt']").first().click();
    assertThat(page.locator("main h1")).isVisible();
    page.navigate(behalf.web() + "/settings");
    page.locator("[name=theme][value=light]").check();
    page.locator("form:has([name=theme]) button[type=submit]").first().click();
    assertThat(page.locator("html")).hasAttribute("data-theme", "light");
  }

  private static void reloadUntil(Page page, String locator) {
    Awaitility.await()
        .atMost(java.time.Duration.ofSeconds(30))
        .until(
            () -> {
              page.reload();
              return page.locator(locator).count() == 1;
            });
  }

  @Test
  void the_keyboard_alone_leads_to_a_job_and_its_end() {
    var page = newPage(ColorScheme.LIGHT, 1200, true);
    signUp(page);
    page.locator("[data-operation=echo]").focus();
    page.keyboard().press("Enter");
    assertThat(page.locator("[data-operation=echo][aria-current]")).isFocused();
    page.locator("[name='/text']").focus();
    page.keyboard().press("Control+a");
    page.keyboard().type("by hand");
    page.locator("#run").focus();
    page.keyboard().press("Enter");
    assertThat(page.locator("#job .chip-succeeded")).isVisible();

    page.keyboard().press("Control+k");
    assertThat(page.locator("#palette input")).isFocused();
    page.keyboard().type("jobs");
    page.keyboard().press("Enter");
    assertThat(page).hasURL(behalf.web() + "/jobs");
    assertThat(page.locator("#live")).hasText("Auto-refresh on");
    page.keyboard().press("j");
    assertThat(page.locator("tbody th a").first()).isFocused();
    page.keyboard().press("Enter");

    assertThat(page.locator("#job")).containsText("by hand");
  }

  @Test
  void the_first_page_weighs_little() {
    var page = newPage(ColorScheme.LIGHT, 1200, true);
    var bytes = new java.util.concurrent.atomic.AtomicLong();
    signUp(page);
    page.onRequestFinished(request -> bytes.addAndGet(request.sizes().responseBodySize));
    page.reload();
    page.waitForLoadState();

    System.out.println("home page: " + bytes.get() + " bytes over the wire");
    assertThat(bytes.get()).isPositive().isLessThan(60 * 1024);
  }

  @Test
  void theme_and_language_are_chosen_once_and_are_right_from_the_first_byte() {
    var page = newPage(ColorScheme.LIGHT, 1200, true);
    signUp(page);
    page.navigate(behalf.web() + "/settings");
    page.locator("[name=theme][value=dark]").check();
    page.locator("[name=language]").selectOption("zh-CN");
    page.locator("form:has([name=theme]) button[type=submit]").first().click();

    page.navigate(behalf.web() + "/jobs");
    assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
    assertThat(page.locator("h1")).hasText("任务");
    Chrome.picture(page, "jobs-dark-chinese");
  }

  private Page newPage(ColorScheme scheme, int width, boolean script) {
    return chrome.newPage(scheme, width, script);
  }

  private String signUp(Page page) {
    var email = UUID.randomUUID() + "@example.com";
    page.navigate(behalf.web() + "/signup");
    page.locator("[name=email]").fill(email);
    page.locator("[name=password]").fill("correct horse battery staple");
    page.locator("main button[type=submit]").click();
    // Its scripts have run, too: until then a key press follows a link.
    page.waitForURL(behalf.web() + "/home");
    return email;
  }

  /** How far the page is wider than its window, in pixels. */
  private static int sidewaysScroll(Page page) {
    return (int)
        page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth");
  }

  private static void choose(Page page, String operation) {
    page.locator("[data-operation=" + operation + "]").click();
    assertThat(page.locator("[data-operation=" + operation + "][aria-current]")).isVisible();
  }

  private static void submitEcho(Page page, String text) {
    choose(page, "echo");
    page.locator("[name='/text']").fill(text);
    page.locator("#run").click();
  }
}
