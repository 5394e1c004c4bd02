package dev.behalf.web.identity.apikeys;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.ApiProperty;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.Sha256;
import dev.behalf.contract.StorableText;
import dev.behalf.server.apikeys.ApiKeyAuthenticator;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.problem.StrictBody;
import dev.behalf.web.site.audit.Actor;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The API where scanners report keys found in public, in the format of GitHub's secret scanning
 * partner program. Reports need no signature: the key itself is the proof, and a false report can
 * only name a string.
 */
@RestController
class LeakedKeysController {

  private static final int MAX_REPORTS = 100;

  private final LeakedKeys leaks;

  LeakedKeysController(LeakedKeys leaks) {
    this.leaks = leaks;
  }

  /** One find. Scanners may add properties of their own, which are ignored. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Report(
      @ApiProperty(required = true) @Nullable String token,
      @Nullable String type,
      @Nullable String url,
      @Nullable String source) {}

  /**
   * The result of one report.
   *
   * @param tokenHash base64 of the SHA-256 of the token; the token itself is not repeated
   * @param label {@code true_positive}, or {@code false_positive} if the token is not a key of this
   *     system
   */
  record Feedback(String tokenHash, String tokenType, String label) {}

  /**
   * How to recognise keys in other text.
   *
   * @param pattern a regular expression
   * @param checksum how the last six characters are computed
   */
  record KeyShape(String tokenType, String pattern, String checksum) {}

  @PostMapping("/api/v1/leaked-keys")
  List<Feedback> report(
      HttpServletRequest request, @StrictBody(storable = false) Report[] reports) {
    if (reports.length > MAX_REPORTS) {
      throw new Problem(ProblemCode.PAYLOAD_TOO_LARGE, "Report at most 100 keys at once.");
    }
    var client = ApiKeyAuthenticator.client(request);
    var reporter = new Actor("reporter", client.address(), client.userAgent());
    return java.util.Arrays.stream(reports).map(report -> answer(report, reporter)).toList();
  }

  @GetMapping("/api/v1/leaked-keys/shape")
  KeyShape shape() {
    return new KeyShape(
        "behalf_api_key",
        ApiKeyFormat.PATTERN.pattern(),
        "The last six characters are the CRC-32 (ISO 3309, as in zip) of all characters before them"
            + " in ASCII, as six base62 digits (0-9, A-Z, a-z), the highest first, padded with 0.");
  }

  private Feedback answer(@Nullable Report report, Actor reporter) {
    if (report == null || report.token() == null) {
      throw new Problem(
              ProblemCode.PAYLOAD_INVALID, "Describe each finding as {\"token\", \"url\"}.")
          .about("token");
    }
    var isOurs = leaks.report(report.token(), cleaned(report.url()), reporter);
    return new Feedback(
        hash(report.token()),
        Objects.requireNonNullElse(cleaned(report.type()), "behalf_api_key"),
        isOurs ? "true_positive" : "false_positive");
  }

  /** Makes a text storable: a leak is recorded whatever the other fields contain. */
  private static @Nullable String cleaned(@Nullable String text) {
    return text == null ? null : StorableText.cleaned(text);
  }

  private static String hash(String token) {
    return Base64.getEncoder().encodeToString(Sha256.of(token));
  }
}
