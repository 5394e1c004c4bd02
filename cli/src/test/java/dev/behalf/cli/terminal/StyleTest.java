package dev.behalf.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.client.Job;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

class StyleTest {

  static final Iterable<String> STATES = Job.STATES;

  @ParameterizedTest
  @FieldSource("STATES")
  void no_state_of_a_job_is_forgotten(String state) {
    assertThat(Style.ofState(state)).isNotEqualTo(Style.PLAIN);
  }

  @ParameterizedTest
  @EnumSource
  void a_style_ends_where_its_text_ends(Style style) {
    var painted = style.apply("text");

    assertThat(painted).contains("text");
    assertThat(painted.endsWith("\033[0m")).isEqualTo(style != Style.PLAIN);
  }

  @Test
  void a_state_of_a_later_version_is_plain() {
    assertThat(Style.ofState("of a later version")).isEqualTo(Style.PLAIN);
  }

  @Test
  void nothing_is_painted_as_nothing() {
    assertThat(Style.BAD.apply("")).isEmpty();
  }
}
