package dev.behalf.server.apikeys;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A well-formed key from a request: a key of this installation or an imported one ({@code
 * prefix.secret}). The environment of an imported key is known only from its row.
 *
 * @param text the whole key
 */
record PresentedKey(String keyId, String secret, @Nullable Environment environment, String text) {

  private static final Pattern IMPORTED = Pattern.compile("([0-9A-Za-z]{8})\\.[0-9A-Za-z]{32}");

  static Optional<PresentedKey> parse(String text) {
    return ApiKeyFormat.parse(text)
        .map(key -> new PresentedKey(key.keyId(), key.secret(), key.environment(), text))
        .or(() -> imported(text));
  }

  private static Optional<PresentedKey> imported(String text) {
    var key = IMPORTED.matcher(text);
    return key.matches()
        ? Optional.of(new PresentedKey(key.group(1), text, null, text))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return keyId;
  }
}
