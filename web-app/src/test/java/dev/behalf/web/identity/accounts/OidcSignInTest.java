package dev.behalf.web.identity.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.behalf.web.WebAppTest;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Sign-in with another provider: a small one that says what it is told to. */
@DirtiesContext
class OidcSignInTest extends WebAppTest {

  private static final Provider PROVIDER = new Provider();

  @DynamicPropertySource
  static void provider(DynamicPropertyRegistry registry) {
    var registration = "spring.security.oauth2.client.registration.company.";
    registry.add(registration + "client-id", () -> "behalf");
    registry.add(registration + "client-secret", () -> "secret");
    registry.add(registration + "client-name", () -> "Company account");
    registry.add(registration + "scope", () -> "openid,email");
    registry.add(
        "spring.security.oauth2.client.provider.company.issuer-uri", () -> PROVIDER.issuer());
  }

  @Test
  void somebody_new_gets_an_account_with_its_keys_and_comes_back_to_it() throws Exception {
    var email = UUID.randomUUID() + "@example.com";
    PROVIDER.says("subject " + email, email, true);

    var first = browser();
    assertThat(signIn(first).uri().getPath()).isEqualTo("/home");
    assertThat(get(first, "/signin").body()).contains("Company account");
    var second = browser();
    assertThat(signIn(second).uri().getPath()).isEqualTo("/home");

    assertThat(number("select count(*) from accounts.users where email = '" + email + "'"))
        .isEqualTo(1);
    assertThat(
            number(
                "select count(*) from accounts.api_keys k join accounts.users u on u.id = k.user_id where email = '"
                    + email
                    + "'"))
        .isEqualTo(2);
    assertThat(get(second, "/settings").body()).contains("Enter your e-mail address to confirm");
  }

  @Test
  void a_verified_address_that_has_an_account_is_not_taken_over() throws Exception {
    var email = UUID.randomUUID() + "@example.com";
    PROVIDER.says("ada", email, true);
    signIn(browser());
    PROVIDER.says("somebody else", email, true);

    var answer = signIn(browser());

    assertThat(answer.uri().toString()).endsWith("/signin?provider_unknown");
    assertThat(number("select count(*) from accounts.identities where subject = 'somebody else'"))
        .isZero();
  }

  @Test
  void who_has_signed_up_with_the_address_of_somebody_else_keeps_nobody_away() throws Exception {
    var squatter = signUp();
    var squatted = userId(squatter);
    PROVIDER.says("its owner " + squatter.email(), squatter.email(), true);

    var owner = browser();
    assertThat(signIn(owner).uri().getPath()).isEqualTo("/home");

    assertThat(
            number("select count(*) from accounts.identities where user_id = '" + squatted + "'"))
        .isZero();
    assertThat(
            number(
                "select count(*) from accounts.users where email_verified_at is not null and email = '"
                    + squatter.email()
                    + "'"))
        .isEqualTo(1);
    assertThat(
            dev.behalf.testkit.Person.at(site(), squatter.email()).signIn(PASSWORD).uri().getPath())
        .isEqualTo("/home");
  }

  @Test
  void an_address_that_the_provider_has_not_verified_gets_no_account() throws Exception {
    var email = UUID.randomUUID() + "@example.com";
    PROVIDER.says("unverified", email, false);

    assertThat(signIn(browser()).uri().toString()).endsWith("/signin?provider_unknown");
    assertThat(number("select count(*) from accounts.users where email = '" + email + "'"))
        .isZero();
  }

  @Test
  void an_account_without_a_password_has_no_password_that_fits() throws Exception {
    var email = UUID.randomUUID() + "@example.com";
    PROVIDER.says("no password", email, true);
    signIn(browser());

    for (var password : new String[] {"", "null", PASSWORD}) {
      assertThat(dev.behalf.testkit.Person.at(site(), email).signIn(password).body())
          .as("tried with \"%s\"", password)
          .contains("Incorrect e-mail or password");
    }
  }

  private HttpResponse<String> signIn(HttpClient browser) throws Exception {
    return get(browser, "/oauth2/authorization/company");
  }

  private HttpResponse<String> get(HttpClient browser, String path) throws Exception {
    return browser.send(
        HttpRequest.newBuilder(site().resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpClient browser() {
    return HttpClient.newBuilder()
        .cookieHandler(new CookieManager())
        .followRedirects(HttpClient.Redirect.NORMAL)
        .build();
  }

  /** Lets everybody in as whom it was told last. */
  private static final class Provider {
    private final HttpServer server;
    private final RSAKey key;
    private String subject = "";
    private String email = "";
    private boolean isVerified;
    private String nonce = "";

    Provider() {
      try {
        key = new RSAKeyGenerator(2048).keyID("1").generate();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
      answer(
          "/.well-known/openid-configuration",
          query ->
              """
              {"issuer":"%1$s","authorization_endpoint":"%1$s/authorize","token_endpoint":"%1$s/token",
               "jwks_uri":"%1$s/jwks","subject_types_supported":["public"],"response_types_supported":["code"],
               "id_token_signing_alg_values_supported":["RS256"]}
              """
                  .formatted(issuer()));
      answer("/jwks", query -> new JWKSet(key.toPublicJWK()).toString());
      answer(
          "/token",
          query ->
              "{\"access_token\":\"x\",\"token_type\":\"Bearer\",\"expires_in\":60,\"id_token\":\""
                  + idToken()
                  + "\"}");
      server.createContext(
          "/authorize",
          exchange -> {
            var query = exchange.getRequestURI().getRawQuery();
            nonce = parameter(query, "nonce");
            exchange
                .getResponseHeaders()
                .set(
                    "Location",
                    URI.create(
                            parameter(query, "redirect_uri")
                                + "?code=abc&state="
                                + java.net.URLEncoder.encode(
                                    parameter(query, "state"), StandardCharsets.UTF_8))
                        .toString());
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
          });
      server.start();
    }

    void says(String who, String address, boolean verified) {
      subject = who;
      email = address;
      isVerified = verified;
    }

    String issuer() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private String idToken() {
      try {
        var now = Instant.now();
        var token =
            new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("1").build(),
                new JWTClaimsSet.Builder()
                    .issuer(issuer())
                    .subject(subject)
                    .audience("behalf")
                    .issueTime(Date.from(now))
                    .expirationTime(Date.from(now.plusSeconds(60)))
                    .claim("nonce", nonce)
                    .claim("email", email)
                    .claim("email_verified", isVerified)
                    .build());
        token.sign(new RSASSASigner(key));
        return token.serialize();
      } catch (com.nimbusds.jose.JOSEException e) {
        throw new IllegalStateException(e);
      }
    }

    private void answer(String path, java.util.function.UnaryOperator<String> body) {
      server.createContext(
          path,
          exchange -> {
            var bytes =
                body.apply(String.valueOf(exchange.getRequestURI().getRawQuery()))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
          });
    }

    private static String parameter(String query, String name) {
      return Arrays.stream(query.split("&", -1))
          .filter(pair -> pair.startsWith(name + "="))
          .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8))
          .findFirst()
          .orElse("");
    }
  }
}
