package dev.behalf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireNameTest {

  private static Stream<WireName> everyName() {
    return Stream.<WireName[]>of(
            Environment.values(), Hop.Station.values(), JobState.values(), ProblemCode.values())
        .flatMap(Stream::of);
  }

  @Test
  void a_wire_name_is_lower_case_with_underscores_and_written_so_in_json() {
    assertThat(everyName())
        .allSatisfy(
            constant -> {
              assertThat(constant.wire()).matches("[a-z0-9]+(_[a-z0-9]+)*");
              assertThat(StrictJson.text(constant)).isEqualTo("\"" + constant.wire() + "\"");
            });
  }

  @Test
  void each_constant_is_found_by_its_wire_name() {
    for (var code : ProblemCode.values()) {
      assertThat(WireName.find(ProblemCode.class, code.wire())).as(code.wire()).contains(code);
    }
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "JOB_ENDED", "Job_Ended", " job_ended", "job-ended", "job_ende"})
  void no_other_spelling_is_found(@Nullable String text) {
    assertThat(WireName.find(ProblemCode.class, text)).isEmpty();
  }

  /** A Turkish lower-case I has no dot: the wire names must not depend on the machine. */
  @Test
  void the_language_of_the_machine_does_not_change_a_wire_name() {
    var before = Locale.getDefault();
    Locale.setDefault(Locale.of("tr", "TR"));
    try {
      assertThat(Environment.LIVE.wire()).isEqualTo("live");
      assertThat(WireName.find(ProblemCode.class, "time_limit")).contains(ProblemCode.TIME_LIMIT);
    } finally {
      Locale.setDefault(before);
    }
  }
}
