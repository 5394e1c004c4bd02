package dev.behalf.e2e;

import dev.behalf.standalone.Person;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

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
    var heard = java.util.Collections.synchronizedList(new ArrayList<String>());
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                response
                    .body()
                    .forEach(
                        line -> {
                          synchronized (heard) {
                            heard.add(line);
                            heard.notifyAll();
                          }
                        });
              } catch (RuntimeException closed) {
                heard.add("closed");
              }
            });
    return new Events(response, heard);
  }

  void await(UUID id, String state) throws InterruptedException {
    var wanted = Arrays.asList("data:{\"id\":\"" + id + "\",\"state\":\"" + state + "\"}");
    synchronized (heard) {
      while (!heard.containsAll(wanted)) {
        heard.wait(30_000);
      }
    }
  }

  @Override
  public void close() {
    response.body().close();
  }
}
