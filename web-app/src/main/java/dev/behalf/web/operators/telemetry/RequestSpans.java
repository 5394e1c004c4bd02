package dev.behalf.web.operators.telemetry;

import io.micrometer.common.KeyValue;
import java.util.Objects;
import org.springframework.http.server.observation.DefaultServerRequestObservationConvention;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.stereotype.Component;

/**
 * Names requests in spans by their route. The path itself can be a secret: that of a share link
 * opens a job.
 */
@Component
class RequestSpans extends DefaultServerRequestObservationConvention {

  @Override
  protected KeyValue httpUrl(ServerRequestObservationContext context) {
    return KeyValue.of("http.url", Objects.requireNonNullElse(context.getPathPattern(), "unknown"));
  }
}
