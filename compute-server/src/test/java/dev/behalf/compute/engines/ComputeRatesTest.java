package dev.behalf.compute.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.concurrent.Executors;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComputeRatesTest {

  private static final Offset<Double> NEARLY = within(1e-9);

  private final ComputeRates rates = new ComputeRates();

  @Test
  void an_operation_that_has_not_run_has_no_rate() {
    ran("embed", 1024, 7);

    assertThat(rates.millisPerKib()).containsOnlyKeys("embed");
  }

  @ParameterizedTest
  @CsvSource({"0, 12", "1, 12", "1023, 12", "1024, 12", "1536, 8", "2048, 6", "12288, 1"})
  void the_first_run_is_the_rate_and_less_than_a_kib_counts_as_one(int length, double rate) {
    ran("embed", length, 12);

    assertThat(rate("embed")).isCloseTo(rate, NEARLY);
  }

  @Test
  void all_texts_of_a_payload_count() {
    var kib = "x".repeat(1024);
    var input = TestTasks.text(kib).put("other", kib);
    input.putArray("labels").add(kib).add(kib);
    input.putObject("examples").putArray(kib).add(kib);
    rates.ran(TestTasks.task("classify", input), Duration.ofMillis(10));

    assertThat(rate("classify")).as("10 ms for 5 KiB").isCloseTo(2, NEARLY);
  }

  @Test
  void a_further_run_moves_the_rate_by_a_tenth_of_the_difference() {
    ran("embed", 1024, 100);
    ran("embed", 1024, 200);
    assertThat(rate("embed")).isCloseTo(110, NEARLY);

    ran("embed", 1024, 10);
    assertThat(rate("embed")).isCloseTo(100, NEARLY);
  }

  @Test
  void operations_do_not_change_each_others_rates() {
    ran("embed", 1024, 10);
    ran("summarize", 1024, 500);

    assertThat(rate("embed")).isCloseTo(10, NEARLY);
    assertThat(rate("summarize")).isCloseTo(500, NEARLY);
  }

  @Test
  void rates_that_were_read_do_not_change_later() {
    ran("embed", 1024, 10);
    var read = rates.millisPerKib();

    ran("embed", 1024, 1000);
    ran("keywords", 1024, 1000);

    assertThat(read).containsOnlyKeys("embed");
    assertThat(read.get("embed")).isCloseTo(10, NEARLY);
  }

  @Test
  void no_run_is_lost_when_many_end_at_once() {
    ran("embed", 1024, 1000);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 40; i++) {
        threads.execute(() -> ran("embed", 1024, 0));
      }
    }

    assertThat(rate("embed")).isCloseTo(1000 * Math.pow(0.9, 40), within(1e-6));
  }

  private void ran(String operation, int length, int millis) {
    rates.ran(TestTasks.task(operation, "x".repeat(length)), Duration.ofMillis(millis));
  }

  private double rate(String operation) {
    return rates.millisPerKib().getOrDefault(operation, Double.NaN);
  }
}
