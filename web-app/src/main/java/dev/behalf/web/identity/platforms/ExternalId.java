package dev.behalf.web.identity.platforms;

import java.util.regex.Pattern;

/**
 * The name under which a platform knows a user. It stands in addresses, so the two that mean a
 * folder there (RFC 3986, section 3.3) are none.
 */
final class ExternalId {

  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9._~:@|-]{1,255}");

  private ExternalId() {}

  static boolean isValid(String text) {
    return SHAPE.matcher(text).matches() && !text.equals(".") && !text.equals("..");
  }
}
