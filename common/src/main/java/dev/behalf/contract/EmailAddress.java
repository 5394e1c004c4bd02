package dev.behalf.contract;

import java.net.IDN;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Normalises e-mail addresses: NFC, lower case, and the domain in ASCII (IDNA). Different spellings
 * of an address become one address, and no address contains invisible characters.
 */
public final class EmailAddress {

  /**
   * The maximum length of an address in characters (RFC 5321, 4.5.3.1.3, without the angle
   * brackets).
   */
  public static final int MAX_LENGTH = 254;

  /**
   * The local part has no character that means something else in the header of a mail: RFC 5322,
   * section 3.2.3, "specials", but for the dot.
   */
  private static final Pattern SHAPE =
      Pattern.compile("[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}&&[^@()<>\\[\\]:;\\\\,\"]]+@[^@]+\\.[^@]+");

  /** Spaces and invisible characters around an address, usually pasted along with it. */
  private static final Pattern AROUND =
      Pattern.compile("^[\\p{Z}\\p{Cc}\\p{Cf}]+|[\\p{Z}\\p{Cc}\\p{Cf}]+$");

  private EmailAddress() {}

  /** Returns the normalised address, or empty if the text is not an address. */
  public static Optional<String> normalised(String given) {
    if (given.length() > 2 * MAX_LENGTH) {
      return Optional.empty();
    }
    var text =
        Normalizer.normalize(AROUND.matcher(given).replaceAll(""), Normalizer.Form.NFC)
            .toLowerCase(Locale.ROOT);
    if (!SHAPE.matcher(text).matches()) {
      return Optional.empty();
    }
    int at = text.indexOf('@');
    try {
      var domain = IDN.toASCII(text.substring(at + 1), IDN.USE_STD3_ASCII_RULES);
      var address = text.substring(0, at + 1) + domain.toLowerCase(Locale.ROOT);
      return address.length() <= MAX_LENGTH && SHAPE.matcher(address).matches()
          ? Optional.of(address)
          : Optional.empty();
    } catch (IllegalArgumentException noDomain) {
      return Optional.empty();
    }
  }
}
