package dev.behalf.e2e;

import dev.behalf.standalone.Service;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** What a service says about itself to Prometheus. */
public final class Metrics {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private Metrics() {}

  public static String page(Service service) throws Exception {
    var request =
        HttpRequest.newBuilder(service.management().resolve("/actuator/prometheus")).build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  /** Over all tags; 0 where there is none yet. */
  public static double sum(Service service, String name) throws Exception {
    return sum(service, name, "");
  }

  /** Over those with that tag, written as {@code area="heap"}. */
  public static double sum(Service service, String name, String tag) throws Exception {
    return page(service)
        .lines()
        .filter(line -> line.contains(tag))
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
