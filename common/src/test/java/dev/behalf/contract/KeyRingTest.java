package dev.behalf.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {

  private static final byte[] CONTENT = "the exact bytes".getBytes(UTF_8);
  private static final KeyRing OLD = KeyRing.parse(entry("old", 32, 1));
  private static final KeyRing NEW = KeyRing.parse(entry("new", 32, 2));
  private static final KeyRing BOTH =
      KeyRing.parse(entry("new", 32, 2) + "," + entry("old", 32, 1));

  @Test
  void a_secret_has_32_bytes_at_least() {
    assertThat(KeyRing.parse(entry("a", 32, 1)).current()).isEqualTo("a");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyRing.parse(entry("a", 31, 1)))
        .withMessageContaining("at least 32 bytes");
  }

  @Test
  void one_short_secret_of_several_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyRing.parse(entry("a", 32, 1) + "," + entry("b", 31, 1)));
  }

  @Test
  void an_id_that_no_signature_could_name_is_refused() {
    for (var id : List.of("", "key 1", "a;b", "x".repeat(65))) {
      assertThatIllegalArgumentException()
          .as(id)
          .isThrownBy(() -> KeyRing.parse(entry("a", 32, 1) + "," + entry(id, 32, 2)));
    }
  }

  @Test
  void an_id_given_twice_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyRing.parse(entry("a", 32, 1) + "," + entry("a", 32, 2)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ",", ":", "a", "a:", "no base64:%%%", "a:AAAA,"})
  void text_that_holds_no_secret_is_refused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> KeyRing.parse(text));
  }

  @Test
  void a_secret_without_an_id_and_an_empty_entry_are_refused() {
    var good = entry("a", 32, 1);

    assertThatIllegalArgumentException().isThrownBy(() -> KeyRing.parse(entry("", 32, 1)));
    assertThatIllegalArgumentException().isThrownBy(() -> KeyRing.parse(good + ","));
    assertThatIllegalArgumentException().isThrownBy(() -> KeyRing.parse("," + good));
    assertThatIllegalArgumentException().isThrownBy(() -> KeyRing.parse(good + ",," + good));
  }

  @Test
  void a_refusal_does_not_repeat_the_secret() {
    var secret = entry("a", 31, 7);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyRing.parse(secret))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain(secret.substring(2)));
  }

  @Test
  void spaces_and_line_ends_around_entries_and_their_parts_do_not_count() {
    var spaced =
        KeyRing.parse(
            "\n "
                + entry("new", 32, 2)
                + " ,\n  "
                + entry("old", 32, 1).replace(":", " : ")
                + "\n");

    assertThat(spaced.current()).isEqualTo("new");
    assertThat(spaced.unseals(OLD.seal(CONTENT), CONTENT)).isTrue();
    assertThat(spaced.unseals(NEW.seal(CONTENT), CONTENT)).isTrue();
  }

  @Test
  void the_first_secret_signs_and_all_verify() {
    assertThat(BOTH.current()).isEqualTo("new");
    assertThat(BOTH.seal(CONTENT)).isEqualTo(NEW.seal(CONTENT));
    assertThat(BOTH.unseals(OLD.seal(CONTENT), CONTENT)).isTrue();
    assertThat(BOTH.unseals(NEW.seal(CONTENT), CONTENT)).isTrue();
  }

  @Test
  void a_secret_that_was_removed_verifies_nothing_more() {
    assertThat(NEW.unseals(OLD.seal(CONTENT), CONTENT)).isFalse();
  }

  /** The id says which secret to try; it is no proof. */
  @Test
  void a_signature_under_the_id_of_another_secret_is_false() {
    var forged = OLD.seal(CONTENT).replace("old:", "new:");

    assertThat(BOTH.unseals(forged, CONTENT)).isFalse();
  }

  @Test
  void a_change_of_any_bit_of_the_content_breaks_the_seal() {
    var seal = OLD.seal(CONTENT);

    for (int bit = 0; bit < CONTENT.length * 8; bit++) {
      var changed = CONTENT.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(OLD.unseals(seal, changed)).as("bit %d changed", bit).isFalse();
    }
    assertThat(OLD.unseals(seal, Arrays.copyOf(CONTENT, CONTENT.length - 1))).isFalse();
    assertThat(OLD.unseals(seal, Arrays.copyOf(CONTENT, CONTENT.length + 1))).isFalse();
  }

  @Test
  void a_part_of_a_signature_is_false() {
    var signature = OLD.sign(CONTENT);

    for (int length = 0; length < signature.length; length++) {
      assertThat(OLD.verify("old", CONTENT, Arrays.copyOf(signature, length)))
          .as("the first %d bytes", length)
          .isFalse();
    }
    assertThat(OLD.verify("old", CONTENT, Arrays.copyOf(signature, signature.length + 1)))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":", "old", "old:", ":AAAA", "old:no base64!", "old:AAAA", "::"})
  void a_header_that_is_no_seal_is_false_and_no_error(String header) {
    assertThat(OLD.unseals(header, CONTENT)).isFalse();
  }

  /** {@code openssl dgst -sha256 -mac HMAC} computed the value. */
  @Test
  void a_seal_is_the_id_and_the_hmac_in_base64() {
    assertThat(OLD.seal(CONTENT)).isEqualTo("old:M39+EE6uFbcxcA9DQkY4hgzpmDcqmP6w9qioGpxrTy4=");
  }

  @Test
  void nothing_can_be_sealed_too() {
    assertThat(OLD.unseals(OLD.seal(new byte[0]), new byte[0])).isTrue();
    assertThat(OLD.unseals(OLD.seal(new byte[0]), new byte[] {0})).isFalse();
  }

  @Test
  void threads_that_sign_at_once_do_not_disturb_each_other() {
    var broken =
        IntStream.range(0, 2_000)
            .parallel()
            .filter(
                i -> {
                  var content = ("message " + i).getBytes(UTF_8);
                  return !OLD.unseals(OLD.seal(content), content);
                })
            .count();

    assertThat(broken).as("seals that did not verify").isZero();
  }

  private static String entry(String id, int bytes, int fill) {
    var secret = new byte[bytes];
    Arrays.fill(secret, (byte) fill);
    return id + ":" + Base64.getEncoder().encodeToString(secret);
  }
}
