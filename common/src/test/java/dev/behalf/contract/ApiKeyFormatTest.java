package dev.behalf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyFormatTest {

  @ParameterizedTest
  @EnumSource
  void a_generated_key_is_read_back_with_its_environment(Environment environment) {
    var key = ApiKeyFormat.generate(environment);

    assertThat(key.reveal()).startsWith("bh_" + environment.wire() + "_").hasSize(8 + 12 + 32 + 6);
    assertThat(ApiKeyFormat.parse(key.reveal())).contains(key);
  }

  @Test
  void every_single_changed_character_breaks_the_checksum() {
    var text = ApiKeyFormat.generate(Environment.LIVE).reveal();

    IntStream.range(0, text.length())
        .mapToObj(
            i -> text.substring(0, i) + (text.charAt(i) == 'a' ? 'b' : 'a') + text.substring(i + 1))
        .forEach(mistyped -> assertThat(ApiKeyFormat.parse(mistyped)).as(mistyped).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "bh_live_", "bh_prod_000000000000", "Api-Key x", "bh_live_\n"})
  void what_is_no_key_is_nothing(String text) {
    assertThat(ApiKeyFormat.parse(text)).isEmpty();
  }

  @Test
  void a_key_never_prints_its_secret() {
    var key = ApiKeyFormat.generate(Environment.TEST);

    assertThat(key.toString()).doesNotContain(key.secret());
  }

  @Test
  void the_published_example_has_a_right_checksum() {
    // The one in docs/api.md, for scanners written against it.
    var example = "bh_test_000000000000000000000000000000000000000000001DUvLQ";

    assertThat(ApiKeyFormat.parse(example))
        .contains(new ApiKeyFormat(Environment.TEST, "000000000000", "0".repeat(32)));
  }
}
