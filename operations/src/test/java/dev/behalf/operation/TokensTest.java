package dev.behalf.operation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokensTest {

  @ParameterizedTest
  @CsvSource({"'', 2, 2", "abcd, 3, 4", "é, 3, 3", "😀, 3, 4"})
  void the_most_is_twice_the_likely_for_ascii_and_counts_pairs_beyond(
      String text, int likely, int most) {
    assertThat(Tokens.likely(text)).isEqualTo(likely);
    assertThat(Tokens.most(text)).isEqualTo(most);
  }
}
