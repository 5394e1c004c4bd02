package dev.behalf.web.site.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.testkit.Person;
import dev.behalf.web.Api;
import dev.behalf.web.WebAppTest;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** Bodies that are read at once are bounded together. */
class LargeBodiesTest extends WebAppTest {

  @Test
  void a_user_who_sends_many_slowly_waits_alone() throws Exception {
    var eve = Api.withKey(site(), key(signUp()));
    var ada = Api.withKey(site(), key(signUp()));
    var open = new ArrayList<Socket>();
    try {
      for (int i = 0; i < 16; i++) {
        open.add(begin(eve.authorization()));
      }

      await()
          .untilAsserted(
              () -> {
                // If the request below was accepted, it took the place of one of those above.
                open.add(begin(eve.authorization()));
                assertThat(large(eve).statusCode()).isEqualTo(429);
              });
      assertThat(open).hasSizeLessThan(64);
      assertThat(large(eve).headers().firstValue("Retry-After")).hasValue("1");
      assertThat(large(ada).statusCode()).isEqualTo(202);
      assertThat(small(eve).statusCode()).isEqualTo(202);
    } finally {
      for (var socket : open) {
        socket.close();
      }
    }
    await().untilAsserted(() -> assertThat(large(eve).statusCode()).isEqualTo(202));
  }

  /** The head of a request, and a body that does not come. */
  private Socket begin(String authorization) throws Exception {
    var socket = new Socket(site().getHost(), site().getPort());
    socket
        .getOutputStream()
        .write(
            """
            POST /api/v1/jobs HTTP/1.1\r
            Host: 127.0.0.1\r
            Authorization: %s\r
            Content-Length: 100000\r
            \r
            {"payload":"""
                .formatted(authorization)
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static HttpResponse<String> large(Api api) throws Exception {
    return api.post(
        "/api/v1/jobs",
        "{\"payload\":{\"operation\":\"echo\",\"text\":\"%s\"}}".formatted("x".repeat(40_000)));
  }

  private static HttpResponse<String> small(Api api) throws Exception {
    return api.post("/api/v1/jobs", "{\"payload\":{\"operation\":\"echo\",\"text\":\"x\"}}");
  }

  private static String key(Person person) throws Exception {
    var answer =
        person.post(
            "/api/v1/keys",
            "{\"name\":\"k\",\"environment\":\"live\",\"scopes\":[\"jobs:write\"]}"
                .getBytes(StandardCharsets.UTF_8));
    return Api.json(answer).required("secret").asString();
  }
}
