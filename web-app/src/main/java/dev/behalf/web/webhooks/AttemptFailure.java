package dev.behalf.web.webhooks;

import dev.behalf.contract.WireName;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** The reason why an attempt got no response. */
public enum AttemptFailure implements WireName {
  NAME_UNKNOWN,
  /** The name resolves to an address that is not public, or the URL has no TLS. */
  ADDRESS_REFUSED,
  NOT_CONNECTED,
  /** The certificate is not trusted, or there is no common TLS version. */
  TLS,
  TIMEOUT,
  /** The response was not HTTP, or the connection closed too early. */
  BROKEN,
  /** An internal error prevented the attempt. */
  INTERNAL;

  static AttemptFailure of(String wire) {
    return WireName.find(AttemptFailure.class, wire).orElseThrow();
  }

  static AttemptFailure of(IOException failed) {
    return switch (failed) {
      case AddressRefused e -> ADDRESS_REFUSED;
      case UnknownHostException e -> NAME_UNKNOWN;
      case SSLException e -> TLS;
      case InterruptedIOException e -> TIMEOUT;
      case ConnectException e -> NOT_CONNECTED;
      case NoRouteToHostException e -> NOT_CONNECTED;
      default -> BROKEN;
    };
  }
}
