package dev.behalf.contract;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The signature of an HTTP request by HTTP Message Signatures (RFC 9421): hmac-sha256 over method,
 * path and Content-Digest (RFC 9530), with created, nonce and keyid. The three components are the
 * values of the headers with the same names.
 */
public record RequestSignature(String contentDigest, String signatureInput, String signature) {

  public static final String CONTENT_DIGEST = "Content-Digest";
  public static final String SIGNATURE_INPUT = "Signature-Input";
  public static final String SIGNATURE = "Signature";

  /** The maximum difference between the clocks of two servers. */
  public static final Duration TOLERANCE = Duration.ofSeconds(60);

  private static final Pattern INPUT =
      Pattern.compile(
          "sig1=(\\(\"@method\" \"@path\" \"content-digest\"\\);created=(\\d{1,12});nonce=\"([\\w-]{16,64})\";keyid=\"([\\w.-]{1,64})\";alg=\"hmac-sha256\")");
  private static final Pattern VALUE = Pattern.compile("sig1=:([A-Za-z0-9+/=]{44}):");

  public static RequestSignature sign(
      KeyRing keys, String method, String path, byte[] body, Instant now) {
    var digest = digest(body);
    var params =
        "(\"@method\" \"@path\" \"content-digest\");created=%d;nonce=\"%s\";keyid=\"%s\";alg=\"hmac-sha256\""
            .formatted(now.getEpochSecond(), UUID.randomUUID(), keys.current());
    var value = Base64.getEncoder().encodeToString(keys.sign(base(method, path, digest, params)));
    return new RequestSignature(digest, "sig1=" + params, "sig1=:" + value + ":");
  }

  /** The result of {@link #verify}. */
  public sealed interface Check {}

  /** The signature is valid. The caller must still check that the nonce was not used before. */
  public record Valid(String nonce) implements Check {}

  public record Invalid(String reason) implements Check {}

  public static Check verify(
      KeyRing keys,
      String method,
      String path,
      byte[] body,
      @Nullable String contentDigest,
      @Nullable String signatureInput,
      @Nullable String signature,
      Instant now) {
    if (contentDigest == null || signatureInput == null || signature == null) {
      return new Invalid("Content-Digest, Signature-Input and Signature are needed.");
    }
    var input = INPUT.matcher(signatureInput);
    var value = VALUE.matcher(signature);
    if (!input.matches() || !value.matches()) {
      return new Invalid("The signature does not have the expected form.");
    }
    var expected = digest(body).getBytes(StandardCharsets.US_ASCII);
    if (!MessageDigest.isEqual(expected, contentDigest.getBytes(StandardCharsets.UTF_8))) {
      return new Invalid("Content-Digest is not that of the body.");
    }
    var signed = base(method, path, contentDigest, input.group(1));
    if (!keys.verify(input.group(4), signed, Base64.getDecoder().decode(value.group(1)))) {
      return new Invalid("The signature is wrong, or made with a secret that is not known here.");
    }
    var skew = Duration.between(Instant.ofEpochSecond(Long.parseLong(input.group(2))), now);
    if (skew.abs().compareTo(TOLERANCE) > 0) {
      return new Invalid(
          "The signature is %d s old by the clock here; at most 60 s either way are taken."
              .formatted(skew.toSeconds()));
    }
    return new Valid(input.group(3));
  }

  private static byte[] base(String method, String path, String digest, String params) {
    return "\"@method\": %s\n\"@path\": %s\n\"content-digest\": %s\n\"@signature-params\": %s"
        .formatted(method, path, digest, params)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String digest(byte[] body) {
    return "sha-256=:" + Base64.getEncoder().encodeToString(Sha256.of(body)) + ":";
  }
}
