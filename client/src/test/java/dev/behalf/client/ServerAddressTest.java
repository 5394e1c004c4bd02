package dev.behalf.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {

  @ParameterizedTest
  @CsvSource({
    "https://behalf.example.com, https://behalf.example.com",
    "https://behalf.example.com/, https://behalf.example.com",
    "' https://behalf.example.com ', https://behalf.example.com",
    "HTTPS://Behalf.Example.COM, https://behalf.example.com",
    "http://localhost:8080//, http://localhost:8080",
    "https://example.com/Behalf/, https://example.com/Behalf",
    "https://example.com/a%20b, https://example.com/a%20b",
    "http://[::1]:8080/, http://[::1]:8080",
    "https://example.com:/, https://example.com"
  })
  void an_address_is_brought_into_one_form(String typed, String address) {
    assertThat(ServerAddress.parse(typed)).hasToString(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "behalf.example.com",
        "localhost:8080",
        "//behalf.example.com",
        "ftp://behalf.example.com",
        "http:",
        "http://",
        "http:///path",
        "http:behalf",
        "https://a b.example.com",
        "https://under_score.example.com",
        "https://example.com?query",
        "https://example.com#fragment"
      })
  void what_is_no_address_is_told_how_to_write_one(String typed) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerAddress.parse(typed))
        .withMessage(
            "\"%s\" is not a server address: write it as https://behalf.example.com.", typed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://ada:hidden@example.com", "https://hidden@example.com", "http://@h"})
  void a_user_or_a_password_is_refused_and_not_repeated(String typed) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerAddress.parse(typed))
        .withMessageContaining("Remove the user and password")
        .withMessageNotContaining("hidden");
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.com, false",
    "http://example.com, true",
    "http://localhost, false",
    "http://LOCALHOST:8080, false",
    "http://127.0.0.1, false",
    "http://127.255.0.9:8080, false",
    "http://[::1]:8080, false",
    "http://[0:0:0:0:0:0:0:1], false",
    "http://192.168.0.1, true",
    "http://10.127.0.0, true",
    "http://[::2], true",
    "http://localhost.example.com, true",
    "http://127.0.0.1.example.com, true"
  })
  void a_key_is_exposed_on_the_way_to_another_machine_without_encryption(
      String address, boolean exposed) {
    assertThat(ServerAddress.parse(address).isExposed()).isEqualTo(exposed);
  }

  @Test
  void a_path_is_resolved_below_that_of_the_server() {
    assertThat(ServerAddress.parse("https://example.com/behalf/").resolve("/api/v1/me"))
        .hasToString("https://example.com/behalf/api/v1/me");
  }
}
