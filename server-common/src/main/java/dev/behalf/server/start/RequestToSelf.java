package dev.behalf.server.start;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.springframework.core.env.PropertyResolver;

/** Warms up the web server, its filters and an endpoint by a request from this process. */
public final class RequestToSelf implements WarmUp {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final PropertyResolver settings;
  private final String request;

  /**
   * @param settings where the port of the web server is
   * @param requestLine such as {@code GET /signin}
   * @param headers such as {@code Accept: text/html}
   */
  public RequestToSelf(
      PropertyResolver settings, String requestLine, List<String> headers, String body) {
    this.settings = settings;
    this.request =
        "%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n%s\r\n%s"
            .formatted(
                requestLine,
                body.getBytes(StandardCharsets.UTF_8).length,
                headers.stream().map(header -> header + "\r\n").reduce("", String::concat),
                body);
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
