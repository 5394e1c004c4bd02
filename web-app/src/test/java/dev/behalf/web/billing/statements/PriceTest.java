package dev.behalf.web.billing.statements;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriceTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "  "})
  void without_a_price_there_is_no_amount(String none) {
    assertThat(new Price(none).of("live", 1_000)).isNull();
  }

  @Test
  void test_units_are_free() {
    assertThat(new Price("0.25 EUR").of("test", 1_000)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "0.25 EUR, 0, 0.00 EUR",
    "0.25 EUR, 1, 0.00025 EUR",
    "0.25 EUR, 40, 0.01 EUR",
    "0.25 EUR, 1000, 0.25 EUR",
    "0.25 EUR, 4000, 1.00 EUR",
    "0.25 EUR, 9223372036854775807, 2305843009213693.95175 EUR",
    "0.1 USD, 3, 0.0003 USD",
    "1000000 EUR, 1000000, 1000000000.00 EUR",
    "0 EUR, 5, 0.00 EUR",
    "'  3   JPY ', 1000, 3.00 JPY"
  })
  void an_amount_is_exact_and_has_at_least_two_decimals(String price, long units, String expected) {
    assertThat(new Price(price).of("live", units)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.25", "EUR 0.25", "0,25 EUR", "0.25 EURO", "0.25 EUR net", "0.25EUR"})
  void a_price_that_is_not_an_amount_and_a_currency_stops_the_start(String wrong) {
    assertThatThrownBy(() -> new Price(wrong)).isInstanceOf(IllegalArgumentException.class);
  }
}
