package dev.behalf.web.webhooks;

import dev.behalf.contract.StrictJson;
import dev.behalf.contract.WireName;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Checks a webhook signature and, if it differs, finds what probably changed the body on its way.
 * The check uses only its input and stores nothing.
 */
final class SignatureCheck {

  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  /** Headers as logs show them, also after {@code >} or with an equals sign. */
  private static final Pattern HEADER =
      Pattern.compile("(?im)^[\\s<>*'\"-]*(webhook-[a-z]+)['\"]?\\s*[:=]\\s*['\"]?([^'\"\\r\\n]*)");

  private SignatureCheck() {}

  /** The first problem found, or the form of the body that fits the signature. */
  enum Finding implements WireName {
    FITS,
    /** This and the next two: the signature fits another form of the body, which was signed. */
    FITS_LINE_ENDS,
    FITS_TRIMMED,
    FITS_COMPACT,
    DIFFERS,
    SECRET_MALFORMED,
    ID_MISSING,
    TIMESTAMP_MALFORMED,
    SIGNATURE_MISSING;
  }

  /**
   * The result of a check.
   *
   * @param signed the text to sign; empty if a part of it is missing
   * @param fitting the text that fits a signature, if that is not {@code signed}; otherwise empty
   * @param expected the signature of {@code signed}
   * @param given the signatures in the headers
   * @param minutesOff by how many minutes the timestamp is off, if more than five; otherwise null
   */
  record Result(
      Finding finding,
      String signed,
      String fitting,
      String expected,
      List<String> given,
      @Nullable Long minutesOff) {

    /** Returns the finding's name for templates. */
    public String word() {
      return finding.wire();
    }

    public boolean isFit() {
      return finding == Finding.FITS;
    }
  }

  static Result check(String payload, String headers, String secret, Instant now) {
    // A form sends every line end as CR LF, whatever was pasted.
    var body = payload.replace("\r\n", "\n");
    var named = headers(headers);
    var id = named.getOrDefault(Sender.ID, "");
    var timestamp = named.getOrDefault(Sender.TIMESTAMP, "");
    var given =
        Arrays.stream(named.getOrDefault(Sender.SIGNATURE, "").split("\\s+"))
            .filter(one -> one.startsWith(Signature.VERSION))
            .toList();
    if (id.isEmpty()) {
      return missing(Finding.ID_MISSING, given);
    }
    if (!timestamp.matches("\\d{1,12}")) {
      return missing(Finding.TIMESTAMP_MALFORMED, given);
    }
    if (given.isEmpty()) {
      return missing(Finding.SIGNATURE_MISSING, given);
    }
    var key = key(secret.strip());
    if (key == null) {
      return missing(Finding.SECRET_MALFORMED, given);
    }
    var signed = Signature.signed(id, timestamp, body);
    var finding = finding(key, id, timestamp, body, given);
    var form = forms(body).getOrDefault(finding, body);
    return new Result(
        finding,
        signed,
        form.equals(body) ? "" : Signature.signed(id, timestamp, form),
        sign(key, signed),
        given,
        minutesOff(timestamp, now));
  }

  private static Finding finding(
      byte[] key, String id, String timestamp, String body, List<String> given) {
    return forms(body).entrySet().stream()
        .filter(form -> given.contains(sign(key, Signature.signed(id, timestamp, form.getValue()))))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(Finding.DIFFERS);
  }

  /** Returns the body as given, and as it may have been before it was reformatted. */
  private static Map<Finding, String> forms(String body) {
    var forms = new LinkedHashMap<Finding, String>();
    forms.put(Finding.FITS, body);
    forms.put(Finding.FITS_LINE_ENDS, body.replace("\n", "\r\n"));
    forms.put(Finding.FITS_TRIMMED, body.strip());
    try {
      forms.put(Finding.FITS_COMPACT, StrictJson.MAPPER.readTree(body).toString());
    } catch (JacksonException noJson) {
      // Only JSON has a compact form.
    }
    return forms;
  }

  private static Map<String, String> headers(String text) {
    var named = new HashMap<String, String>();
    HEADER
        .matcher(text)
        .results()
        .forEach(
            header -> named.put(header.group(1).toLowerCase(Locale.ROOT), header.group(2).strip()));
    return named;
  }

  private static byte @Nullable [] key(String secret) {
    try {
      var key = Signature.key(secret);
      return key.length == 0 ? null : key;
    } catch (IllegalArgumentException noBase64) {
      return null;
    }
  }

  private static String sign(byte[] key, String text) {
    return Signature.VERSION + Signature.hmac(key, text);
  }

  private static @Nullable Long minutesOff(String timestamp, Instant now) {
    var off = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), now).abs();
    return off.compareTo(TOLERANCE) > 0 ? off.toMinutes() : null;
  }

  private static Result missing(Finding finding, List<String> given) {
    return new Result(finding, "", "", "", given, null);
  }
}
