package dev.behalf.compute.telemetry;

import io.micrometer.observation.ObservationPredicate;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.observation.ServerRequestObservationContext;

/**
 * Creates spans only for requests whose caller records a trace; {@link Telemetry} counts all
 * requests.
 */
@Configuration(proxyBeanMethods = false)
class Tracing {

  /** The end of the {@code traceparent} of a recorded trace (W3C Trace Context, 3.2.2.5). */
  private static final String SAMPLED = "-01";

  /**
   * Skips other requests: a span and four meters for each would take a tenth of all that
   * compute-server does.
   */
  @Bean
  static ObservationPredicate recordedRequestsOnly() {
    return (name, context) ->
        !(context instanceof ServerRequestObservationContext request)
            || isRecorded(request.getCarrier());
  }

  private static boolean isRecorded(@Nullable HttpServletRequest request) {
    var traceparent = request == null ? null : request.getHeader("traceparent");
    return traceparent != null && traceparent.endsWith(SAMPLED);
  }
}
