package dev.behalf.standalone;

import static dev.behalf.standalone.Compilation.FULL;
import static dev.behalf.standalone.Compilation.QUICK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompilationTest {

  @Test
  void is_quick_on_two_processors_and_full_on_more() {
    assertThat(Compilation.chosen(Map.of(), 1)).isEqualTo(QUICK);
    assertThat(Compilation.chosen(Map.of(), 2)).isEqualTo(QUICK);
    assertThat(Compilation.chosen(Map.of(), 3)).isEqualTo(FULL);
  }

  @Test
  void is_what_the_environment_says() {
    assertThat(Compilation.chosen(says("full"), 2)).isEqualTo(FULL);
    assertThat(Compilation.chosen(says("quick"), 64)).isEqualTo(QUICK);
    assertThat(Compilation.chosen(says(""), 2)).isEqualTo(QUICK);
  }

  @Test
  void nothing_else_is_accepted() {
    assertThatExceptionOfType(UserError.class)
        .isThrownBy(() -> Compilation.chosen(says("Full"), 2))
        .withMessage("Invalid BEHALF_COMPILATION: use quick or full.");
  }

  @Test
  void only_the_quick_one_limits_the_compilers_of_a_service() {
    assertThat(Service.command(QUICK, List.of("-version"))).contains("-XX:TieredStopAtLevel=1");
    assertThat(Service.command(FULL, List.of("-version")))
        .noneMatch(option -> option.contains("Tiered"));
  }

  private static Map<String, String> says(String value) {
    return Map.of(Compilation.VARIABLE, value);
  }
}
