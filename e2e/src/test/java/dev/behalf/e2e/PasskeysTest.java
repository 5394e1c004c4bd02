package dev.behalf.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.google.gson.JsonParser;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.behalf.testkit.BehalfSystem;
import java.net.URI;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Passkeys in a real browser, with the authenticator that it has for tests. */
@Tag("scenarios")
class PasskeysTest {

  private static final String PASSWORD = "correct horse battery staple";

  private Chrome chrome;
  private Page page;
  private CDPSession devices;
  private String site;
  private String authenticator;

  @BeforeEach
  void start() throws Exception {
    chrome = Chrome.startOrSkip();
    // Browsers have no passkeys for IP addresses.
    site = "http://localhost:" + URI.create(BehalfSystem.shared().web().toString()).getPort();
    page = chrome.newPage(ColorScheme.DARK, 400, true);
    devices = page.context().newCDPSession(page);
    devices.send("WebAuthn.enable");
    authenticator =
        devices
            .send(
                "WebAuthn.addVirtualAuthenticator",
                JsonParser.parseString(
                        """
                        {"options": {"protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
                         "hasUserVerification": true, "isUserVerified": true,
                         "automaticPresenceSimulation": true}}
                        """)
                    .getAsJsonObject())
            .get("authenticatorId")
            .getAsString();
    signUp();
  }

  @AfterEach
  void stop() {
    chrome.close();
  }

  @Test
  void a_passkey_is_added_and_signs_in() {
    add(PASSWORD);
    assertThat(page.locator("main tbody th")).hasText("Chrome on Linux");
    Chrome.picture(page, "passkeys-dark-narrow");

    signOut();
    Chrome.picture(page, "signin-dark-narrow");
    page.locator("[data-passkey] button").click();

    page.waitForURL(site + "/home");
    page.navigate(site + "/settings/passkeys");
    assertThat(page.locator("main tbody")).not().containsText("Never");
    org.assertj.core.api.Assertions.assertThat(chrome.complaints()).isEmpty();
  }

  @Test
  void a_wrong_password_is_said_at_its_field() {
    add("wrong horse");

    assertThat(page.locator("#passkey-fault"))
        .hasText("This does not match your account. Nothing was changed; try again.");
    page.locator("[name=password]").fill(PASSWORD);
    page.locator("main button.primary").click();
    assertThat(page.locator("main tbody tr")).hasCount(1);
  }

  @Test
  void whoever_is_not_the_devices_owner_adds_nothing_and_can_try_again() {
    var who = JsonParser.parseString("{\"isUserVerified\": false}").getAsJsonObject();
    who.addProperty("authenticatorId", authenticator);
    devices.send("WebAuthn.setUserVerified", who);

    add(PASSWORD);

    assertThat(page.locator("#passkey-fault")).containsText("The browser did not create a passkey");
    assertThat(page.locator("main button.primary")).isEnabled();
  }

  @Test
  void at_another_address_the_page_says_where_passkeys_work() {
    page.navigate(site.replace("localhost", "127.0.0.1") + "/signin");
    page.locator("[name=email]").waitFor();

    assertThat(page.locator("[data-passkey]")).isHidden();
  }

  private void add(String password) {
    page.navigate(site + "/settings/passkeys");
    page.locator("[name=password]").fill(password);
    page.locator("main button.primary").click();
  }

  private void signUp() {
    page.navigate(site + "/signup");
    page.locator("[name=email]").fill(UUID.randomUUID() + "@example.com");
    page.locator("[name=password]").fill(PASSWORD);
    page.locator("main button[type=submit]").click();
    page.waitForURL(site + "/home");
  }

  private void signOut() {
    page.context().clearCookies();
    page.navigate(site + "/signin");
  }
}
