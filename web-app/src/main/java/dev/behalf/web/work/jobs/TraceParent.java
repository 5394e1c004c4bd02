package dev.behalf.web.work.jobs;

import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The W3C trace context of the request, kept with the job so that its way goes on in other
 * processes.
 */
@Component
class TraceParent {

  private final Tracer tracer;

  TraceParent(Tracer tracer) {
    this.tracer = tracer;
  }

  @Nullable String current() {
    var context = tracer.currentTraceContext().context();
    return context == null
        ? null
        : "00-%s-%s-%s"
            .formatted(
                context.traceId(),
                context.spanId(),
                Boolean.TRUE.equals(context.sampled()) ? "01" : "00");
  }
}
