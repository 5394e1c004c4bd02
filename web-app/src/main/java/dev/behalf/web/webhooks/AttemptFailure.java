package dev.behalf.web.webhooks;

import dev.behalf.contract.WireName;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** Why an attempt got no answer. */
public enum AttemptFailure implements WireName {
  NAME_UNKNOWN,
  /** The name leads to an address that is not public. */
  ADDRESS_REFUSED,
  NOT_CONNECTED,
  /** No certificate that can be trusted, or no common version. */
  TLS,
  TIMEOUT,
  /** What came was no HTTP, or the connection ended too early. */
  BROKEN,
  /** It could not be sent: the fault is ours. */
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
