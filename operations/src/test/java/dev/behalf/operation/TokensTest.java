package dev.behalf.operation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokensTest {

  @ParameterizedTest
  @CsvSource({
    "'',           2, 0, 0",
    "abcdefgh,     4, 2, 8",
    "приветы,      9, 2, 14",
    "港口早晨,      6, 2, 12",
    "😀😀,          4, 1, 8"
  })
  void each_script_has_its_own_length_of_a_token(
      String text, int ofTheBuiltInModel, int atLeast, int most) {
    assertThat(Tokens.likely(text)).isEqualTo(ofTheBuiltInModel);
    assertThat(Tokens.atLeast(text)).isEqualTo(atLeast);
    assertThat(Tokens.most(text)).isEqualTo(most);
  }
}
