package dev.behalf.web.site.audit;

import org.jspecify.annotations.Nullable;

/**
 * Who acts, and from where.
 *
 * @param credential {@code session}, {@code key …}, {@code application …}, {@code system} or {@code
 *     reporter}
 */
public record Actor(String credential, @Nullable String address, @Nullable String userAgent) {

  /** What happens by schedule. */
  public static final Actor SYSTEM = new Actor("system", null, null);

  /** The user in the browser, where the request is not at hand. */
  public static final Actor SESSION = new Actor("session", null, null);
}
