package dev.behalf.web.work.jobs;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses the Idempotency-Key header (IETF draft ietf-httpapi-idempotency-key-header), quoted or
 * bare.
 */
public final class IdempotencyKey {

  private static final Pattern BARE = Pattern.compile("[!-~&&[^\"]][!-~]{0,254}");
  private static final Pattern QUOTED = Pattern.compile("\"([!-~]{1,255})\"");

  private IdempotencyKey() {}

  public static @Nullable String parse(@Nullable String header) {
    if (header == null) {
      return null;
    }
    var quoted = QUOTED.matcher(header);
    if (quoted.matches()) {
      return quoted.group(1);
    }
    if (!BARE.matcher(header).matches()) {
      throw new Problem(
          ProblemCode.IDEMPOTENCY_KEY_INVALID,
          "Use 1 to 255 printable ASCII characters without spaces.");
    }
    return header;
  }
}
