package dev.behalf.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.web.firewall.RequestRejectedException;

/** Tomcat hands on the octets of a header as ISO 8859-1. */
class HttpToleranceTest {

  @Test
  void no_header_is_an_empty_text() {
    assertThat(HttpTolerance.text(null)).isEmpty();
  }

  @Test
  void octets_in_utf_8_are_read_as_utf_8() {
    assertThat(HttpTolerance.text(received("Żółw 🐢"))).isEqualTo("Żółw 🐢");
  }

  @Test
  void octets_that_are_not_utf_8_are_read_as_latin_1() {
    assertThat(HttpTolerance.text("caf\u00e9")).isEqualTo("café");
  }

  @Test
  void control_characters_are_left_out_so_that_no_log_line_can_be_forged() {
    assertThat(HttpTolerance.text("a\tb\u0000c\u007fd\u001b[2Je\r\nf")).isEqualTo("abcd[2Jef");
    assertThat(HttpTolerance.text(received("a\u0085b"))).as("C1 in UTF-8").isEqualTo("ab");
    assertThat(HttpTolerance.text("caf\u00e9\u0085")).as("C1 in Latin-1").isEqualTo("café");
  }

  @Test
  void a_text_of_500_characters_is_kept_and_the_next_one_is_cut() {
    assertThat(HttpTolerance.text("x".repeat(499) + "yz")).isEqualTo("x".repeat(499) + "y");
  }

  @Test
  void a_character_outside_the_basic_plane_counts_once_and_is_not_cut_in_half() {
    assertThat(HttpTolerance.text(received("🐢".repeat(600)))).isEqualTo("🐢".repeat(500));
  }

  @Test
  void the_limit_counts_what_is_left_without_control_characters() {
    assertThat(HttpTolerance.text("\t".repeat(600) + "x")).isEqualTo("x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\tb", "caf\u00e9", "\u0080\u0085\u009f\u00ad\u00ff", ""})
  void opaque_octets_in_a_header_pass_the_firewall(String value) {
    assertThat(throughFirewall(value)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u0000", "a\u001b", "a\u007f", "a\nSet-Cookie: x", "a\r"})
  void control_characters_in_a_header_do_not_pass_the_firewall(String value) {
    assertThatExceptionOfType(RequestRejectedException.class)
        .isThrownBy(() -> throughFirewall(value));
  }

  private static String received(String sent) {
    return new String(sent.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static String throughFirewall(String value) {
    var request = new MockHttpServletRequest("GET", "/");
    request.addHeader("X-Any", value);
    return HttpTolerance.opaqueHeaders().getFirewalledRequest(request).getHeader("X-Any");
  }
}
