package dev.behalf.web.jobs;

import dev.behalf.contract.ProblemCode;
import dev.behalf.problem.Problem;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The Idempotency-Key header (IETF draft ietf-httpapi-idempotency-key-header): quoted, or as it is.
 */
final class IdempotencyKey {

  private static final Pattern PRINTABLE = Pattern.compile("[!-~]{1,255}");

  private IdempotencyKey() {}

  static @Nullable String parse(@Nullable String header) {
    if (header == null) {
      return null;
    }
    var key =
        header.length() > 2 && header.startsWith("\"") && header.endsWith("\"")
            ? header.substring(1, header.length() - 1)
            : header;
    if (!PRINTABLE.matcher(key).matches()) {
      throw new Problem(
          ProblemCode.IDEMPOTENCY_KEY_INVALID,
          "Use 1 to 255 printable ASCII characters without spaces.");
    }
    return key;
  }
}
