package dev.behalf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebOriginTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://shop.example",
        "https://shop.example:8443",
        "https://xn--mnchen-3ya.example",
        "http://localhost:3000",
        "http://127.0.0.1"
      })
  void an_origin_is_what_a_browser_sends(String origin) {
    assertThat(WebOrigin.isValid(origin)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "*",
        "shop.example",
        "http://shop.example",
        "https://shop.example/",
        "https://Shop.example",
        "https://shop.example:443",
        "http://localhost:80",
        "https://shop.example:",
        "https://a..b",
        "https://user@shop.example",
        "https://a b"
      })
  void no_browser_sends_another_form(String origin) {
    assertThat(WebOrigin.isValid(origin)).isFalse();
  }
}
