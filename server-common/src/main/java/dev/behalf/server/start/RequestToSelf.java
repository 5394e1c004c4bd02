package dev.behalf.server.start;

import dev.behalf.start.WarmUp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.core.env.PropertyResolver;

/**
 * Warms up the web server and its filters by a request without a credential from this process, in
 * plain HTTP to the loopback address. A server that listens elsewhere, or with TLS, stays cold.
 */
public final class RequestToSelf implements WarmUp {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final PropertyResolver settings;
  private final String request;

  /**
   * @param settings where the port of the web server is
   * @param requestLine such as {@code GET /}
   * @param accept the media type to ask for
   */
  public RequestToSelf(PropertyResolver settings, String requestLine, String accept) {
    this.settings = settings;
    this.request =
        "%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: %s\r\n\r\n"
            .formatted(requestLine, accept);
  }

  @Override
  public void warmUp() throws IOException {
    var port = settings.getProperty("local.server.port", Integer.class);
    if (port == null) {
      return;
    }
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      socket.getInputStream().readAllBytes();
    }
  }
}
