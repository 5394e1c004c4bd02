package dev.behalf.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Finds free ports on the loopback address. */
public final class Ports {

  /**
   * First port to try. The range is below the ports that systems give to outgoing connections
   * (Linux: from 32768), so that no connection occupies a port between this check and the service's
   * bind.
   */
  private static final int FIRST = 20_000;

  private static final int END = 32_000;

  private static final int CONNECT_MILLIS = 200;

  /** Ports that were returned. A service binds its port only later, so none is returned twice. */
  private static final Set<Integer> GIVEN = new HashSet<>();

  private Ports() {}

  /** Returns the wished port, or another free one if it is in use. */
  static int freeOr(int wished) {
    return wished > 0 && isFree(wished) && !isAnsweredByIpv6(wished) ? wished : free();
  }

  public static synchronized int free() {
    for (var tried = 0; tried < END - FIRST; tried++) {
      var port = ThreadLocalRandom.current().nextInt(FIRST, END);
      if (isFree(port) && GIVEN.add(port)) {
        return port;
      }
    }
    throw new IllegalStateException("No free port from " + FIRST + " to " + END + ".");
  }

  /** Returns whether another program has the port on IPv6, which browsers try first. */
  private static boolean isAnsweredByIpv6(int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(ipv6Loopback(), port), CONNECT_MILLIS);
      return true;
    } catch (IOException nobody) {
      return false;
    }
  }

  static InetAddress ipv6Loopback() throws UnknownHostException {
    var address = new byte[16];
    address[15] = 1;
    return InetAddress.getByAddress(address);
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
