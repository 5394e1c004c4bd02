package dev.behalf.web.site.audit;

import org.jspecify.annotations.Nullable;

/**
 * The actor of an audit log entry, and where the request came from.
 *
 * @param credential {@code session}, {@code key …}, {@code application …}, {@code system} or {@code
 *     reporter}
 */
public record Actor(String credential, @Nullable String address, @Nullable String userAgent) {

  /** The actor of scheduled actions. */
  public static final Actor SYSTEM = new Actor("system", null, null);

  /** The user in the browser, for code that has no request at hand. */
  public static final Actor SESSION = new Actor("session", null, null);
}
