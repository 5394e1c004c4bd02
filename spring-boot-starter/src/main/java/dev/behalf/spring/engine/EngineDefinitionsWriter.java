package dev.behalf.spring.engine;

import java.net.URI;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.util.StringUtils;

/** Writes the definitions into the folder that is configured, once the port is known. */
class EngineDefinitionsWriter implements ApplicationListener<WebServerInitializedEvent> {

  private final EngineDefinitions definitions;
  private final EngineProperties properties;

  EngineDefinitionsWriter(EngineDefinitions definitions, EngineProperties properties) {
    this.definitions = definitions;
    this.properties = properties;
  }

  @Override
  public void onApplicationEvent(WebServerInitializedEvent started) {
    var folder = properties.definitions();
    var isManagement = "management".equals(started.getApplicationContext().getServerNamespace());
    if (folder != null && !isManagement) {
      definitions.write(
          folder, Objects.requireNonNullElseGet(properties.address(), () -> here(started)));
    }
  }

  private static URI here(WebServerInitializedEvent started) {
    var settings = started.getApplicationContext().getEnvironment();
    var isSecure =
        Stream.of("server.ssl.bundle", "server.ssl.key-store", "server.ssl.certificate")
                .anyMatch(settings::containsProperty)
            && settings.getProperty("server.ssl.enabled", Boolean.class, true);
    return URI.create(
        (isSecure ? "https://127.0.0.1:" : "http://127.0.0.1:")
            + started.getWebServer().getPort()
            + path(settings.getProperty("server.servlet.context-path", ""))
            + path(settings.getProperty("spring.mvc.servlet.path", "")));
  }

  private static String path(String path) {
    return StringUtils.trimTrailingCharacter(path, '/');
  }
}
