package dev.behalf.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.behalf.contract.ClientCredentials;
import dev.behalf.contract.StrictJson;
import dev.behalf.standalone.Ports;
import dev.behalf.testkit.BehalfSystem;
import dev.behalf.testkit.Person;
import dev.behalf.testkit.Required;
import dev.behalf.testkit.TestDefinitions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A team's own site with its own users, whose button runs through Behalf. */
@Tag("server")
class PlatformsTest {

  private static final Path PAGE =
      Path.of(System.getProperty("behalf.home", ".."), "samples", "watch", "page.html");
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final BehalfSystem behalf;

  PlatformsTest() throws Exception {
    behalf = BehalfSystem.shared();
  }

  @Test
  void a_page_of_another_site_shows_the_work_of_its_own_user_until_an_operator_ends_the_platform()
      throws Exception {
    var python = Required.program("python3");
    try (var chrome = Chrome.startOrSkip();
        var engine = SampleEngine.start(python, "engine.py", Ports.free());
        var database = behalf.database();
        var shop = new Shop()) {
      TestDefinitions.apply(
          database, SampleEngine.definition("shout-slowly.yaml", engine.port()), "test");
      var console = chrome.newPage(ColorScheme.LIGHT, 1200, true);
      operate(console);
      shop.credentials = create(console, shop.address());
      // The refusal of the first name.
      chrome.complaints().clear();

      await()
          .until(() -> console.request().get(behalf.web() + "/docs/operations/shout-slowly").ok());
      var page = chrome.newPage(ColorScheme.DARK, 400, true);
      page.navigate(shop.address());
      page.locator("#start").click();

      assertThat(page.locator("#output")).containsText("WORK THAT TAKES A WHILE");
      assertThat(page.locator("#state")).hasText("succeeded");
      assertThat(page.locator("#output")).containsText("STOPPED AT ANY TIME");
      assertThat(
              behalf.text(
                  "select string_agg(distinct actor, ',') from accounts.audit_log join accounts.platform_users using (user_id) where external_id = 'customer-17'"))
          .isEqualTo("platform " + shop.name);
      assertThat(
              shop.call("GET", "/api/v1/jobs/" + shop.job + "/receipt")
                  .required("actor")
                  .asString())
          .isEqualTo("platform " + shop.name);
      assertThat(chrome.complaints()).isEmpty();

      console.navigate(behalf.web() + "/ops/platforms");
      var row = console.locator("tr", new Page.LocatorOptions().setHasText(shop.name));
      row.locator("summary").click();
      row.locator("button.danger").click();
      await()
          .atMost(Duration.ofSeconds(1))
          .until(() -> shop.send("GET", "/api/v1/jobs").statusCode() == 401);
      try (var retire = database.prepareStatement("select jobs.retire_operation('shout-slowly')")) {
        retire.executeQuery();
      }
    }
    assertThat(behalf.violatedInvariants()).isEmpty();
  }

  private void operate(Page page) throws Exception {
    var email = UUID.randomUUID() + "@example.com";
    Person.signUp(behalf.web(), email, "correct horse battery staple");
    try (var database = behalf.database();
        var update =
            database.prepareStatement(
                "update accounts.users set scopes = scopes || ' ops:read ops:write' where email = ?")) {
      update.setString(1, email);
      update.executeUpdate();
    }
    page.navigate(behalf.web() + "/signin");
    page.locator("#email").fill(email);
    page.locator("#password").fill("correct horse battery staple");
    page.locator("main button.primary").click();
    page.waitForURL("**/home");
    await().until(() -> page.request().get(behalf.web() + "/ops").status() == 200);
  }

  private ClientCredentials create(Page page, String origin) {
    page.navigate(behalf.web() + "/ops/platforms");
    page.locator("#name").fill("Not a name");
    page.locator("button.primary").click();
    assertThat(page.locator("#name-fault")).isVisible();
    page.locator("#name").fill(Shop.NAME);
    page.locator("#origins").fill(origin);
    page.locator("button.primary").click();
    assertThat(page.locator("#client-secret")).isVisible();
    Chrome.picture(page, "platforms-light-wide");
    return new ClientCredentials(
        page.locator("#client-id").innerText(), page.locator("#client-secret").innerText());
  }

  /** The site of the team: one page, and a backend behind its button. */
  private final class Shop implements AutoCloseable {
    static final String NAME = "shop";

    final String name = NAME;
    private final HttpServer server;
    private ClientCredentials credentials = new ClientCredentials("", "");
    private String job = "";

    Shop() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", exchange -> answer(exchange, "text/html", Files.readString(PAGE)));
      server.createContext("/favicon.ico", exchange -> answer(exchange, "image/x-icon", ""));
      server.createContext("/start", exchange -> answer(exchange, "application/json", started()));
      server.start();
    }

    String address() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private String started() {
      try {
        var token = token();
        send("PUT", "/api/v1/users/customer-17", "{\"name\":\"Ada\"}", token);
        var queued =
            send(
                "POST",
                "/api/v1/jobs",
                "{\"payload\":{\"operation\":\"shout-slowly\",\"text\":\"Work that takes a while, and can be stopped at any time.\"}}",
                token,
                "Behalf-On-Behalf-Of",
                "customer-17");
        var json = StrictJson.MAPPER.readTree(queued.body());
        job = json.required("id").asString();
        return StrictJson.text(
            Map.of(
                "address",
                behalf.web() + "/api/v1/jobs/" + job,
                "token",
                json.required("watch_token").required("token").asString()));
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    JsonNode call(String method, String path) throws Exception {
      return StrictJson.MAPPER.readTree(send(method, path).body());
    }

    /** Calls for the user, with the last token. */
    HttpResponse<String> send(String method, String path) throws Exception {
      return send(method, path, "", lastToken, "Behalf-On-Behalf-Of", "customer-17");
    }

    private String lastToken = "";

    private String token() throws Exception {
      var pair = credentials.clientId() + ":" + credentials.secret();
      var request =
          HttpRequest.newBuilder(behalf.web().resolve("/oauth2/token"))
              .header(
                  "Authorization",
                  "Basic "
                      + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)))
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(BodyPublishers.ofString("grant_type=client_credentials"))
              .build();
      lastToken =
          StrictJson.MAPPER
              .readTree(HTTP.send(request, BodyHandlers.ofString()).body())
              .required("access_token")
              .asString();
      return lastToken;
    }

    private HttpResponse<String> send(
        String method, String path, String body, String token, String... headers) throws Exception {
      var request =
          HttpRequest.newBuilder(behalf.web().resolve(path))
              .header("Authorization", "Bearer " + token)
              .method(method, BodyPublishers.ofString(body));
      if (headers.length > 0) {
        request.headers(headers);
      }
      return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static void answer(HttpExchange exchange, String type, String body) throws IOException {
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
      exchange.close();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
