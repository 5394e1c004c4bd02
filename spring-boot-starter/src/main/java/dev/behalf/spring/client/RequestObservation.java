package dev.behalf.spring.client;

import dev.behalf.client.BehalfClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.java11.instrument.binder.jdk.MicrometerHttpClient;
import io.micrometer.observation.ObservationRegistry;
import java.net.http.HttpRequest;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Measures the client's requests as {@code http.client.requests}, and passes the current trace on.
 * The tag {@code uri} has the address without ids, so that its values stay few.
 */
record RequestObservation(MeterRegistry meters, ObservationRegistry observations)
    implements BehalfClientCustomizer {

  private static final Pattern SEGMENT = Pattern.compile("[^/]+");

  /** The parts of the API's addresses; every other part is an id or a name. */
  private static final Set<String> FIXED =
      Set.of(
          "api",
          "v1",
          "oauth2",
          "token",
          "me",
          "usage",
          "operations",
          "jobs",
          "events",
          "cancellation",
          "retry",
          "watch-tokens",
          "batches",
          "results",
          "keys",
          "rotation",
          "users",
          "disablement",
          "webhooks",
          "test-events");

  @Override
  public void customize(BehalfClient.Builder builder) {
    builder.http(
        http ->
            MicrometerHttpClient.instrumentationBuilder(http, meters)
                .observationRegistry(observations)
                .uriMapper(RequestObservation::uri)
                .build());
  }

  static String uri(HttpRequest request) {
    return SEGMENT
        .matcher(request.uri().getPath())
        .replaceAll(part -> FIXED.contains(part.group()) ? part.group() : "{id}");
  }
}
