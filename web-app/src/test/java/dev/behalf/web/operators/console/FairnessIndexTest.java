package dev.behalf.web.operators.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The figures of the operators' pages. */
class FairnessIndexTest {

  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

  @Test
  void an_equal_service_is_fair() {
    assertThat(jain(List.of(5, 5, 5, 5))).isEqualTo(1);
    assertThat(jain(List.of(7))).isEqualTo(1);
  }

  @Test
  void one_of_four_served_alone_is_a_quarter() {
    assertThat(jain(List.of(9, 0, 0, 0))).isEqualTo(0.25);
  }

  @Test
  void nobody_served_is_fair() {
    assertThat(jain(List.of())).isEqualTo(1);
    assertThat(jain(List.of(0, 0))).isEqualTo(1);
  }

  @Property(tries = 200)
  void the_index_is_between_one_nth_and_one_and_does_not_depend_on_the_scale(
      @ForAll @Size(min = 1, max = 50) List<@IntRange(max = 10_000) Integer> served) {
    var index = jain(served);

    assertThat(index).isBetween(1.0 / served.size() - 1e-9, 1 + 1e-9);
    assertThat(jain(served.stream().map(jobs -> jobs * 3).toList())).isEqualTo(index, within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({", –", "0, 0 ms", "0.04, 40 ms", "1.25, 1.3 s", "-1, 0 ms"})
  void seconds_are_rounded(@Nullable Double seconds, String expected) {
    assertThat(new OperatorFormats(NOW).of(seconds)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0, 0.0", "99.9, 99.9", "100, 100", "1234567.8, '1,234,568'"})
  void a_number_from_100_has_no_decimals(double value, String expected) {
    assertThat(new OperatorFormats(NOW).number(value)).isEqualTo(expected);
  }

  @Test
  void a_time_to_come_was_just_now() {
    assertThat(new OperatorFormats(NOW).since(NOW.plusSeconds(5))).isEqualTo("0 ms");
    assertThat(new OperatorFormats(NOW).since(NOW.minus(Duration.ofDays(2)))).isEqualTo("2 d");
  }

  private static double jain(List<Integer> served) {
    var parts =
        served.stream()
            .map(jobs -> new Fairness.Part(UUID.randomUUID(), "", 0, 0, 0, jobs, 1, null, 0, 0))
            .toList();
    return Fairness.jain(parts, Fairness.Part::hour);
  }
}
