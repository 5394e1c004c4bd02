package dev.behalf.e2e;

import dev.behalf.testkit.Person;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/** The stream that a page listens to. */
record Events(HttpResponse<java.util.stream.Stream<String>> response, List<String> heard)
    implements AutoCloseable {

  static Events open(URI site, Person person) throws Exception {
    var response =
        person
            .http()
            .send(
                HttpRequest.newBuilder(site.resolve("/live")).build(),
                HttpResponse.BodyHandlers.ofLines());
    var heard = new CopyOnWriteArrayList<String>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                response
                    .body()
                    .forEach(
                        line -> {
                          heard.add(line);
                        });
              } catch (RuntimeException closed) {
                heard.add("closed");
              }
            });
    return new Events(response, heard);
  }

  void await(UUID id, String state) {
    var wanted = "data:{\"id\":\"" + id + "\",\"state\":\"" + state + "\"";
    Awaitility.await(
            "the event of "
                + state
                + " among "
                + heard.size()
                + " lines, the last "
                + heard.getLast())
        .pollInterval(Duration.ofMillis(1))
        .atMost(Duration.ofSeconds(30))
        .until(() -> heard.stream().anyMatch(line -> line.startsWith(wanted)));
  }

  @Override
  public void close() {
    response.body().close();
  }
}
