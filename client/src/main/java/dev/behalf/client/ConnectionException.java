package dev.behalf.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;

/** Thrown if no answer comes, or none from a Behalf server. Whether it was received is unknown. */
public final class ConnectionException extends RuntimeException {

  public ConnectionException(String message) {
    super(message, null, false, false);
  }

  /** Returns the reason in words: the JDK gives it by the exception's type, not its message. */
  static String reason(IOException thrown) {
    return switch (thrown) {
      case HttpTimeoutException e -> "the request timed out";
      case ConnectException e ->
          e.getCause() instanceof ConnectException inner
                  && inner.getCause() instanceof UnresolvedAddressException
              ? "the host is unknown"
              : "no server answers there";
      case SSLException e -> "TLS failed (" + e.getMessage() + ")";
      default -> "the connection was lost";
    };
  }
}
