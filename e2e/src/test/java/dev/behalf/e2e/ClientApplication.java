package dev.behalf.e2e;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.annotation.RegisteredOAuth2AuthorizedClient;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Another company's service: Spring's own OAuth 2 client, which knows nothing of us but the
 * addresses.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class ClientApplication {

  /** It runs until this is closed. */
  record Running(ConfigurableApplicationContext context) implements AutoCloseable {
    @Override
    public void close() {
      context.close();
    }
  }

  static String redirectUri(int port) {
    return "http://127.0.0.1:" + port + "/authorized/behalf";
  }

  static Running start(int port, URI site, String clientId, String secret) {
    var registration = "--spring.security.oauth2.client.registration.behalf.";
    var provider = "--spring.security.oauth2.client.provider.behalf.";
    return new Running(
        new SpringApplicationBuilder(ClientApplication.class)
            .run(
                "--server.port=" + port,
                "--server.servlet.session.cookie.name=client",
                "--site=" + site,
                registration + "client-id=" + clientId,
                registration + "client-secret=" + secret,
                registration + "authorization-grant-type=authorization_code",
                registration + "redirect-uri={baseUrl}/authorized/{registrationId}",
                registration + "scope=jobs:read,jobs:write",
                provider + "authorization-uri=" + site + "/oauth2/authorize",
                provider + "token-uri=" + site + "/oauth2/token"));
  }

  @Bean
  SecurityFilterChain everybody(HttpSecurity http) {
    return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
        .oauth2Client(Customizer.withDefaults())
        .build();
  }

  /** Shows whose account it acts in. */
  @RestController
  static class Front {
    private final URI me;

    Front(Environment environment) {
      this.me = URI.create(environment.getRequiredProperty("site")).resolve("/api/v1/me");
    }

    /** Browsers ask for it. */
    @GetMapping("/favicon.ico")
    void icon() {}

    @GetMapping("/")
    String who(@RegisteredOAuth2AuthorizedClient("behalf") OAuth2AuthorizedClient client)
        throws Exception {
      var token = client.getAccessToken().getTokenValue();
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(me).header("Authorization", "Bearer " + token).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
