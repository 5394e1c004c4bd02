package dev.behalf.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Verifies deliveries of a webhook (<a href="https://www.standardwebhooks.com">Standard
 * Webhooks</a>).
 */
public final class WebhookVerifier {

  private static final String PREFIX = "whsec_";
  private static final String VERSION = "v1,";
  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  /** Maximum number of signatures that are compared; a rotation has two. */
  private static final int MOST_SIGNATURES = 10;

  private final SecretKeySpec secret;
  private final InstantSource clock;

  /**
   * Verifies the deliveries of one webhook.
   *
   * @param secret of the webhook, {@code whsec_…}
   * @throws IllegalArgumentException if that is no secret, with a message that does not repeat it
   */
  public WebhookVerifier(String secret) {
    this(secret, InstantSource.system());
  }

  public WebhookVerifier(String secret, InstantSource clock) {
    this.secret = key(secret);
    this.clock = clock;
  }

  private static SecretKeySpec key(String secret) {
    try {
      var text = secret.startsWith(PREFIX) ? secret.substring(PREFIX.length()) : secret;
      return new SecretKeySpec(Base64.getDecoder().decode(text), "HmacSHA256");
    } catch (IllegalArgumentException noBase64) {
      throw new IllegalArgumentException("The secret of a webhook is whsec_ and Base64.");
    }
  }

  /**
   * Returns the event of a delivery.
   *
   * @param header returns a header of the request by its name, or null
   * @param body the exact bytes of the request
   * @throws InvalidWebhookException if it does not come from Behalf; answer 400
   */
  public WebhookEvent verify(Function<String, @Nullable String> header, byte[] body) {
    var id = header(header, "webhook-id");
    var timestamp = header(header, "webhook-timestamp");
    refuseOld(timestamp);
    if (!isSigned(header(header, "webhook-signature"), signature(id, timestamp, body))) {
      throw new InvalidWebhookException("No signature matches.");
    }
    return event(id, body);
  }

  private static String header(Function<String, @Nullable String> header, String name) {
    var value = header.apply(name);
    if (value == null || value.isEmpty()) {
      throw new InvalidWebhookException("The header " + name + " is missing.");
    }
    return value;
  }

  private void refuseOld(String timestamp) {
    try {
      var sent = Instant.ofEpochSecond(Long.parseLong(timestamp));
      if (Duration.between(sent, clock.instant()).abs().compareTo(TOLERANCE) > 0) {
        throw new InvalidWebhookException("The timestamp is more than five minutes off.");
      }
    } catch (NumberFormatException | DateTimeException | ArithmeticException noTime) {
      throw new InvalidWebhookException("The timestamp is not a number of seconds.");
    }
  }

  private byte[] signature(String id, String timestamp, byte[] body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(secret);
      mac.update((id + "." + timestamp + ".").getBytes(US_ASCII));
      return Base64.getEncoder().encode(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isSigned(String signatures, byte[] expected) {
    var isSigned = false;
    for (var one : signatures.split(" ", MOST_SIGNATURES)) {
      if (one.startsWith(VERSION)) {
        var given = one.substring(VERSION.length()).getBytes(US_ASCII);
        isSigned |= MessageDigest.isEqual(expected, given);
      }
    }
    return isSigned;
  }

  private static WebhookEvent event(String id, byte[] body) {
    try {
      var json = Json.MAPPER.readTree(body);
      return new WebhookEvent(
          id,
          json.required("type").asString(),
          Json.time(json, "timestamp"),
          json.required("data"));
    } catch (JacksonException | DateTimeException | IllegalArgumentException otherShape) {
      throw new InvalidWebhookException("The body is no event.");
    }
  }
}
