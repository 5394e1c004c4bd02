package dev.behalf.web.jobs;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.JobPayload.Operation;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * About how many units a job will cost. What it costs, compute-server counts by the model's tokens;
 * only {@code echo} is known before.
 */
public final class Estimate {

  /** Of English, in the model's vocabulary. */
  private static final int LETTERS_OF_A_TOKEN = 4;

  private Estimate() {}

  public static long units(JobPayload payload) {
    if (Operation.of(payload.operation()).orElse(null) == Operation.ECHO) {
      return Math.ceilDiv(length(payload.text()), 1_000);
    }
    return Stream.of(
            Stream.of(payload.text(), payload.other()),
            Objects.requireNonNullElse(payload.labels(), List.<String>of()).stream(),
            Objects.requireNonNullElse(payload.examples(), Map.<String, List<String>>of())
                .values()
                .stream()
                .flatMap(List::stream))
        .flatMap(texts -> texts)
        .mapToLong(Estimate::tokens)
        .sum();
  }

  /** Other scripts have about a token for each character. */
  private static long tokens(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return 0;
    }
    long ascii = text.chars().filter(c -> c < 128).count();
    return 2 + Math.ceilDiv(ascii, LETTERS_OF_A_TOKEN) + (text.length() - ascii);
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }
}
