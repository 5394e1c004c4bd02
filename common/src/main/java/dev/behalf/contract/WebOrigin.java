package dev.behalf.contract;

import java.util.regex.Pattern;

/** Origins of pages, in the only form in which browsers send them (RFC 6454, section 6.2). */
public final class WebOrigin {

  /** Most origins of one platform. */
  public static final int MAX = 20;

  private static final Pattern SHAPE =
      Pattern.compile(
          "(?=.{1,190}$)(https://[a-z0-9-]+(\\.[a-z0-9-]+)*|http://(localhost|127\\.0\\.0\\.1))(:[1-9]\\d{0,4})?");

  private WebOrigin() {}

  /**
   * Returns whether a text is an origin: https, or http on this machine. No browser sends the port
   * that the scheme has anyway.
   */
  public static boolean isValid(String text) {
    return SHAPE.matcher(text).matches()
        && !(text.startsWith("https:") && text.endsWith(":443"))
        && !(text.startsWith("http:") && text.endsWith(":80"));
  }
}
