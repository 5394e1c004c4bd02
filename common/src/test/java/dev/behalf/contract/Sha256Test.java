package dev.behalf.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Sha256Test {

  /** FIPS 180-2, appendix B.1; the hash of nothing is from NIST's examples. */
  @Test
  void the_published_examples_hold() {
    assertThat(hex(Sha256.of("abc")))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(hex(Sha256.of()))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }

  @Test
  void the_hash_of_parts_is_that_of_the_whole() {
    assertThat(Sha256.of("a".getBytes(UTF_8), new byte[0], "bc".getBytes(UTF_8)))
        .isEqualTo(Sha256.of("abc"));
  }

  @Test
  void the_order_of_the_parts_counts() {
    assertThat(Sha256.of("a".getBytes(UTF_8), "b".getBytes(UTF_8)))
        .isNotEqualTo(Sha256.of("b".getBytes(UTF_8), "a".getBytes(UTF_8)));
  }

  @Test
  void text_is_hashed_in_utf_8() {
    assertThat(Sha256.of("é")).isEqualTo(Sha256.of(new byte[] {(byte) 0xc3, (byte) 0xa9}));
  }

  private static String hex(byte[] hash) {
    return HexFormat.of().formatHex(hash);
  }
}
