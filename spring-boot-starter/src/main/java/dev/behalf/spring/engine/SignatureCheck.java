package dev.behalf.spring.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a call was signed by a compute-server that knows the secret: HTTP Message Signatures
 * (RFC 9421) with hmac-sha256 over method, path, query, Content-Digest (RFC 9530) and every {@code
 * Behalf-} header. A signature counts for 60 s, and once in this process.
 */
final class SignatureCheck {

  private static final int MIN_SECRET = 32;
  private static final Duration TOLERANCE = Duration.ofSeconds(60);

  private static final Pattern INPUT =
      Pattern.compile(
          "sig1=(\\(([^()]{0,4000})\\);created=(\\d{1,12});nonce=\"([A-Za-z0-9_-]{16,64})\""
              + ";keyid=\"[^\"]{1,200}\";alg=\"hmac-sha256\")");

  private static final Pattern SIGNATURE = Pattern.compile("sig1=:([A-Za-z0-9+/=]{1,200}):");

  private final List<SecretKeySpec> secrets;
  private final InstantSource clock;
  private final Nonces nonces = new Nonces(TOLERANCE.multipliedBy(2));

  /**
   * A check with secrets; without any, every call is refused.
   *
   * @throws IllegalStateException if one is too short
   */
  SignatureCheck(List<String> secrets, InstantSource clock) {
    this.secrets = secrets.stream().map(SignatureCheck::key).toList();
    this.clock = clock;
  }

  private static SecretKeySpec key(String secret) {
    var bytes = secret.strip().getBytes(UTF_8);
    if (bytes.length < MIN_SECRET) {
      throw new IllegalStateException(
          "A secret in behalf.engine.secrets has fewer than 32 bytes: write at least 32 random ones.");
    }
    return new SecretKeySpec(bytes, "HmacSHA256");
  }

  /**
   * Returns what is wrong with a call, or null if it is signed.
   *
   * @param path the path that was signed, which a proxy may have changed
   */
  @Nullable String fault(HttpServletRequest request, String path, byte[] body) {
    var input = INPUT.matcher(Objects.requireNonNullElse(request.getHeader("Signature-Input"), ""));
    var signature =
        SIGNATURE.matcher(Objects.requireNonNullElse(request.getHeader("Signature"), ""));
    if (!input.matches() || !signature.matches()) {
      return "The call is not signed.";
    }
    var digest = "sha-256=:" + Base64.getEncoder().encodeToString(sha256(body)) + ":";
    if (!isEqual(digest, Objects.requireNonNullElse(request.getHeader("Content-Digest"), ""))) {
      return "Content-Digest is not that of the body.";
    }
    var lines = lines(request, path, digest);
    if (!lines.keySet().stream()
        .map(name -> '"' + name + '"')
        .toList()
        .equals(List.of(input.group(2).split(" ", -1)))) {
      return "The signature does not cover what it has to.";
    }
    var base = new StringBuilder();
    lines.forEach(
        (name, value) -> base.append('"').append(name).append("\": ").append(value).append('\n'));
    base.append("\"@signature-params\": ").append(input.group(1));
    if (!isSigned(base.toString().getBytes(UTF_8), signature.group(1))) {
      return "The signature is wrong.";
    }
    var now = clock.instant();
    var created = Instant.ofEpochSecond(Long.parseLong(input.group(3)));
    if (Duration.between(created, now).abs().compareTo(TOLERANCE) > 0) {
      return "The signature is more than 60 s away from the time here.";
    }
    return nonces.isFirst(input.group(4), now) ? null : "The call has come before.";
  }

  private static Map<String, String> lines(HttpServletRequest request, String path, String digest) {
    var lines = new LinkedHashMap<String, String>();
    lines.put("@method", request.getMethod());
    lines.put("@path", path);
    lines.put("@query", "?" + Objects.requireNonNullElse(request.getQueryString(), ""));
    lines.put("content-digest", digest);
    var headers = new TreeMap<String, String>();
    for (var name : Collections.list(request.getHeaderNames())) {
      var lower = name.toLowerCase(Locale.ROOT);
      if (lower.startsWith("behalf-")) {
        headers.put(lower, String.join(", ", Collections.list(request.getHeaders(name))));
      }
    }
    lines.putAll(headers);
    return lines;
  }

  private boolean isSigned(byte[] base, String signature) {
    byte[] given;
    try {
      given = Base64.getDecoder().decode(signature);
    } catch (IllegalArgumentException noBase64) {
      return false;
    }
    var isSigned = false;
    for (var secret : secrets) {
      isSigned |= MessageDigest.isEqual(hmac(secret, base), given);
    }
    return isSigned;
  }

  private static boolean isEqual(String one, String other) {
    return MessageDigest.isEqual(one.getBytes(UTF_8), other.getBytes(UTF_8));
  }

  private static byte[] hmac(SecretKeySpec secret, byte[] content) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(secret);
      return mac.doFinal(content);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has HmacSHA256.", e);
    }
  }

  private static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has SHA-256.", e);
    }
  }
}
