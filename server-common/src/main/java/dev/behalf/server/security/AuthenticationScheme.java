package dev.behalf.server.security;

/** The way a request authenticates. */
public enum AuthenticationScheme {
  /** No authentication. */
  NONE,
  /** A person in the browser: a session cookie and a CSRF token. */
  SESSION,
  /** {@code Authorization: Api-Key}. */
  API_KEY,
  /** {@code Authorization: Bearer}: an application that a user has authorized. */
  BEARER,
  /** {@code Authorization: Bearer}: a platform that acts for one of its users. */
  ACTING,
  /** {@code Authorization: Bearer}: a platform as itself, for its users and not as one. */
  PLATFORM,
  /** {@code Authorization: Bearer}: a token that reads one job. */
  WATCH_TOKEN,
  /** An HTTP message signature (RFC 9421), from server to server. */
  SIGNATURE,
  /** An application that authenticates to the authorization server. */
  CLIENT
}
