package dev.behalf.web.work.jobs;

import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Reads the W3C trace context of the current request, which is stored with the job so that other
 * processes continue the trace.
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
