package dev.behalf.server.start;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.mock.env.MockEnvironment;

class WarmUpsTest {

  @Test
  void a_part_that_fails_keeps_no_other_from_running() {
    var ran = new ArrayList<String>();

    new WarmUps(
            List.of(
                () -> ran.add("first"),
                () -> {
                  throw new IllegalStateException("The database is away.");
                },
                () -> ran.add("last")))
        .run(new DefaultApplicationArguments());

    assertThat(ran).containsExactly("first", "last");
  }

  @Test
  void a_request_to_self_arrives_at_the_server_s_own_port() throws Exception {
    var received = new CopyOnWriteArrayList<String>();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          received.add(
              "%s %s %s %s"
                  .formatted(
                      exchange.getRequestMethod(),
                      exchange.getRequestURI(),
                      exchange.getRequestHeaders().getFirst("Accept"),
                      new String(exchange.getRequestBody().readAllBytes())));
          exchange.sendResponseHeaders(401, -1);
          exchange.close();
        });
    server.start();
    try {
      var settings =
          new MockEnvironment()
              .withProperty("local.server.port", String.valueOf(server.getAddress().getPort()));

      new RequestToSelf(settings, "POST /jobs", List.of("Accept: text/html"), "{}").warmUp();

      assertThat(received).containsExactly("POST /jobs text/html {}");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void without_a_web_server_no_request_is_sent() throws Exception {
    new RequestToSelf(new MockEnvironment(), "GET /", List.of(), "").warmUp();
  }
}
