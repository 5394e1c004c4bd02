package dev.behalf.server.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import dev.behalf.contract.KeyRing;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class KeyHasherTest {

  private static final String OLD = pepper("1", "a secret that has at least 32 bytes");
  private static final String NEW = pepper("2", "another one, which also has 32 bytes");

  private final PresentedKey key =
      PresentedKey.parse(ApiKeyFormat.generate(Environment.LIVE).reveal()).orElseThrow();

  @Test
  void while_a_pepper_is_replaced_hashes_of_both_are_known() {
    var before = hasher(OLD).hash(key.secret());
    var replacing = hasher(NEW + "," + OLD);
    var after = replacing.hash(key.secret());

    assertThat(before.pepperId()).isEqualTo("1");
    assertThat(after.pepperId()).isEqualTo("2");
    assertThat(replacing.matches(before, key)).isTrue();
    assertThat(replacing.matches(after, key)).isTrue();
    assertThat(hasher(NEW).matches(before, key)).isFalse();
  }

  @Test
  void another_secret_or_pepper_does_not_match() {
    var hash = hasher(OLD).hash(key.secret());
    var other = PresentedKey.parse(ApiKeyFormat.generate(Environment.LIVE).reveal()).orElseThrow();

    assertThat(hasher(OLD).matches(hash, other)).isFalse();
    assertThat(hasher(pepper("1", "the same id and not the same secret")).matches(hash, key))
        .isFalse();
  }

  @Test
  void what_has_neither_shape_is_no_key_and_is_never_printed_whole() {
    for (var text : new String[] {"", "x", "bh_live_", "12345678.short", key.text() + "x"}) {
      assertThat(PresentedKey.parse(text)).as(text).isEmpty();
    }
    assertThat(key.toString()).isEqualTo(key.keyId());
  }

  private static KeyHasher hasher(String ring) {
    return new KeyHasher(KeyRing.parse(ring));
  }

  private static String pepper(String id, String secret) {
    return id
        + ":"
        + Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.US_ASCII));
  }
}
