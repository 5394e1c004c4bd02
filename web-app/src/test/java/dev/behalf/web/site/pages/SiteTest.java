package dev.behalf.web.site.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SiteTest {

  @ParameterizedTest
  @CsvSource({
    "https://Behalf.example.com/, https://behalf.example.com",
    "https://behalf.example.com:443, https://behalf.example.com",
    "https://behalf.example.com:8443/work, https://behalf.example.com:8443",
    "http://localhost:80, http://localhost",
    "'', http://localhost:8080"
  })
  void the_origin_is_written_as_browsers_write_it(String address, String origin) {
    assertThat(new Site(address, 8080).origin()).hasToString(origin);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"behalf.example.com", "behalf.example.com:8443", "ftp://behalf.example.com"})
  void what_is_no_address_ends_the_start_with_what_to_do(String address) {
    assertThatThrownBy(() -> new Site(address, 8080)).hasMessageContaining("BEHALF_PUBLIC_URL");
  }
}
