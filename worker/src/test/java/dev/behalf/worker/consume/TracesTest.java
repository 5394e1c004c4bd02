package dev.behalf.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracesTest {

  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-";

  private final ObservationRegistry observations = ObservationRegistry.create();
  private final List<String> happened = new ArrayList<>();
  private final Traces traces = new Traces(observations);

  @BeforeEach
  void listen() {
    observations.observationConfig().observationHandler(new Listener());
  }

  @Test
  void a_recorded_trace_goes_on_around_the_work() {
    traces.follow(delivery(TRACE + "01"), this::work);

    assertThat(happened)
        .containsExactly("start behalf.job in " + TRACE + "01", "work", "stop, null");
  }

  @ParameterizedTest
  @ValueSource(strings = {TRACE + "00", TRACE, "", "01"})
  void a_trace_that_is_not_recorded_costs_nothing_and_the_work_is_done(String traceparent) {
    traces.follow(delivery(traceparent), this::work);

    assertThat(happened).containsExactly("work");
  }

  @Test
  void without_a_trace_the_work_is_done() {
    traces.follow(Deliveries.with(Map.of(), new byte[0]), this::work);
    traces.follow(Deliveries.with(null, new byte[0]), this::work);

    assertThat(happened).containsExactly("work", "work");
  }

  @Test
  void work_that_fails_ends_its_trace_with_the_error_and_fails() {
    assertThatThrownBy(
            () ->
                traces.follow(
                    delivery(TRACE + "01"),
                    () -> {
                      throw new IllegalStateException("no");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no");

    assertThat(happened.getLast()).isEqualTo("stop, no");
  }

  private void work() {
    happened.add("work");
  }

  private static Delivery delivery(String traceparent) {
    return Deliveries.with(Map.of("traceparent", traceparent), new byte[0]);
  }

  private final class Listener implements ObservationHandler<ReceiverContext<Delivery>> {

    @Override
    public void onStart(ReceiverContext<Delivery> context) {
      var parent =
          context.getGetter().get(Objects.requireNonNull(context.getCarrier()), "traceparent");
      happened.add("start " + context.getName() + " in " + parent);
    }

    @Override
    public void onStop(ReceiverContext<Delivery> context) {
      var error = context.getError();
      happened.add("stop, " + (error == null ? null : error.getMessage()));
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
      return context instanceof ReceiverContext<?>;
    }
  }
}
