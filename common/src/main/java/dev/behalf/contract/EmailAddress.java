package dev.behalf.contract;

import java.net.IDN;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An address as it identifies somebody: in NFC and small letters, its domain in ASCII (IDNA). Two
 * ways to type one address are one address, and there is none that cannot be typed.
 */
public final class EmailAddress {

  /** Of the whole address (RFC 5321, 4.5.3.1.3, without its brackets). */
  public static final int MAX_LENGTH = 254;

  private static final Pattern SHAPE =
      Pattern.compile("[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}&&[^@]]+@[^@]+\\.[^@]+");

  /** Not typed, but pasted along: spaces, and what nobody sees. */
  private static final Pattern AROUND =
      Pattern.compile("^[\\p{Z}\\p{Cc}\\p{Cf}]+|[\\p{Z}\\p{Cc}\\p{Cf}]+$");

  private EmailAddress() {}

  /** Nothing where it is no address. */
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
