package dev.behalf.web.identity.apikeys;

import dev.behalf.contract.Environment;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.Scope;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.BindParam;

/**
 * The form for a new key, shown again if a field has a fault.
 *
 * @param expires lifetime in days from now; empty for no expiry
 * @param networks addresses or CIDR ranges, separated by white space or commas
 */
record KeyForm(
    @Nullable String name,
    @Nullable String environment,
    @Nullable List<String> scopes,
    @Nullable String expires,
    @Nullable String networks,
    @BindParam("daily_cap") @Nullable String dailyCap) {

  static final KeyForm EMPTY =
      new KeyForm(
          "", "test", List.of(Scope.JOBS_READ.wire(), Scope.JOBS_WRITE.wire()), "90", "", "");

  static Overlap overlap(String field, @Nullable String word) {
    try {
      return Overlap.of(Objects.requireNonNullElse(word, ""));
    } catch (IllegalArgumentException unknown) {
      throw new Problem(ProblemCode.PAYLOAD_INVALID, "Choose one of the options.").about(field);
    }
  }

  /** Reads a {@link NewKey} from the form. */
  @Component
  static final class Reader {
    private final InstantSource clock;

    Reader(InstantSource clock) {
      this.clock = clock;
    }

    NewKey read(KeyForm form) {
      return new NewKey(
          Objects.requireNonNullElse(form.name(), "").strip(),
          "live".equals(form.environment()) ? Environment.LIVE : Environment.TEST,
          Scope.parse(String.join(" ", Objects.requireNonNullElse(form.scopes(), List.of()))),
          expiry(Objects.requireNonNullElse(form.expires(), "").strip()),
          Arrays.stream(Objects.requireNonNullElse(form.networks(), "").split("[\\s,]+"))
              .filter(network -> !network.isEmpty())
              .toList(),
          number("daily_cap", Objects.requireNonNullElse(form.dailyCap(), "").strip()));
    }

    private @Nullable Instant expiry(String days) {
      var number = number("expires", days);
      return number == null ? null : clock.instant().plus(Duration.ofDays(number));
    }

    private static @Nullable Long number(String field, String text) {
      if (text.isEmpty()) {
        return null;
      }
      if (!text.matches("[1-9]\\d{0,8}")) {
        throw new Problem(ProblemCode.PAYLOAD_INVALID, "Write a number above 0, or leave it empty.")
            .about(field);
      }
      return Long.valueOf(text);
    }
  }
}
