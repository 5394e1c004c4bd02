package dev.behalf.server.start;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertyResolver;
import org.springframework.core.env.PropertySourcesPropertyResolver;

class RequestToSelfTest {

  @Test
  void it_arrives_at_the_server_s_own_port() throws Exception {
    var received = new CopyOnWriteArrayList<String>();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          received.add(
              "%s %s %s"
                  .formatted(
                      exchange.getRequestMethod(),
                      exchange.getRequestURI(),
                      exchange.getRequestHeaders().getFirst("Accept")));
          exchange.sendResponseHeaders(401, -1);
          exchange.close();
        });
    server.start();
    try {
      new RequestToSelf(
              settings(Map.of("local.server.port", server.getAddress().getPort())),
              "GET /jobs",
              "text/html")
          .warmUp();

      assertThat(received).containsExactly("GET /jobs text/html");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void without_a_web_server_none_is_sent() throws Exception {
    new RequestToSelf(settings(Map.of()), "GET /", "text/html").warmUp();
  }

  private static PropertyResolver settings(Map<String, Object> settings) {
    var sources = new MutablePropertySources();
    sources.addFirst(new MapPropertySource("test", settings));
    return new PropertySourcesPropertyResolver(sources);
  }
}
