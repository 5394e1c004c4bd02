package dev.behalf.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.behalf.contract.Sha256;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import okhttp3.HttpUrl;

/**
 * The signature of a call by HTTP Message Signatures (RFC 9421): hmac-sha256 over method, path,
 * query, Content-Digest (RFC 9530) and every {@code Behalf-} header, in the order of their names.
 */
final class EngineSignature {

  private EngineSignature() {}

  /**
   * Returns the headers that sign a call.
   *
   * @param headers the headers of the call; those with the prefix {@code Behalf-} are signed
   * @param nonce a value that no other call has, of letters, digits and hyphens
   */
  static Map<String, String> of(
      EngineSecret secret,
      HttpUrl address,
      byte[] body,
      Map<String, String> headers,
      Instant created,
      String nonce) {
    var digest = "sha-256=:" + Base64.getEncoder().encodeToString(Sha256.of(body)) + ":";
    var lines = new LinkedHashMap<String, String>();
    lines.put("@method", "POST");
    lines.put("@path", address.encodedPath());
    lines.put("@query", "?" + Objects.requireNonNullElse(address.encodedQuery(), ""));
    lines.put("content-digest", digest);
    lines.putAll(signed(headers));
    var base = new StringBuilder();
    var covered = new StringBuilder();
    lines.forEach(
        (name, value) -> {
          base.append('"').append(name).append("\": ").append(value).append('\n');
          covered.append(covered.isEmpty() ? "" : " ").append('"').append(name).append('"');
        });
    var params =
        "(%s);created=%d;nonce=\"%s\";keyid=\"%s\";alg=\"hmac-sha256\""
            .formatted(covered, created.getEpochSecond(), nonce, secret.name());
    base.append("\"@signature-params\": ").append(params);
    var signature =
        Base64.getEncoder().encodeToString(secret.hmac(base.toString().getBytes(UTF_8)));
    return Map.of(
        "Content-Digest", digest,
        "Signature-Input", "sig1=" + params,
        "Signature", "sig1=:" + signature + ":");
  }

  private static SortedMap<String, String> signed(Map<String, String> headers) {
    var signed = new TreeMap<String, String>();
    headers.forEach(
        (name, value) -> {
          var lower = name.toLowerCase(Locale.ROOT);
          if (lower.startsWith("behalf-")) {
            signed.put(lower, value);
          }
        });
    return signed;
  }
}
