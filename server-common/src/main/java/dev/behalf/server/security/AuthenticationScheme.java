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
  /** An HTTP message signature (RFC 9421), from server to server. */
  SIGNATURE,
  /** An application that authenticates to the authorization server. */
  CLIENT
}
