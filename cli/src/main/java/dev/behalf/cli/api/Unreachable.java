package dev.behalf.cli.api;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;

/** No answer came, or none of a Behalf. */
public final class Unreachable extends RuntimeException {

  Unreachable(String message) {
    super(message, null, false, false);
  }

  /** The JDK says why in the type of what it throws rather than in words. */
  static String reason(IOException thrown) {
    return switch (thrown) {
      case HttpTimeoutException e -> "no answer came in time";
      case ConnectException e ->
          e.getCause() instanceof ConnectException inner
                  && inner.getCause() instanceof UnresolvedAddressException
              ? "there is no such host"
              : "nothing answers there";
      case SSLException e -> "no safe connection could be made (" + e.getMessage() + ")";
      default -> "the connection was lost";
    };
  }
}
