package dev.behalf.worker.consume;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/**
 * Continues the trace of the request that submitted the job, if that trace is recorded (W3C Trace
 * Context, bit 0 of the flags); other traces would only add cost.
 */
@Component
class Traces {

  private static final String PARENT = "traceparent";
  private static final Pattern RECORDED = Pattern.compile(".*-[0-9a-f][13579bdf]");

  private final ObservationRegistry observations;

  Traces(ObservationRegistry observations) {
    this.observations = observations;
  }

  void follow(Delivery delivery, Runnable work) {
    var parent = delivery.header(PARENT);
    if (parent == null || !RECORDED.matcher(parent).matches()) {
      work.run();
      return;
    }
    var context = new ReceiverContext<Delivery>(Delivery::header);
    context.setCarrier(delivery);
    Observation.createNotStarted("behalf.job", () -> context, observations).observe(work);
  }
}
