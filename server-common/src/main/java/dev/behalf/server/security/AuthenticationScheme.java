package dev.behalf.server.security;

/** How a request proves in whose name it is made. */
public enum AuthenticationScheme {
  /** Nobody needs to prove anything. */
  NONE,
  /** A person in the browser: a cookie, and a token against forged requests. */
  SESSION,
  /** {@code Authorization: Api-Key}. */
  API_KEY,
  /** {@code Authorization: Bearer}: an application that a user has allowed. */
  BEARER,
  /** RFC 9421, from server to server. */
  SIGNATURE,
  /** An application that proves itself to the authorization server. */
  CLIENT
}
