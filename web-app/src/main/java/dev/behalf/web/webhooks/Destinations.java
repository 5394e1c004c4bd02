package dev.behalf.web.webhooks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import javax.net.SocketFactory;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import org.springframework.stereotype.Component;

/**
 * Decides where webhooks may be sent. Users choose the addresses, and neighbouring servers trust
 * this one, so only public addresses are allowed unless an operator allows private ones.
 *
 * <p>An address is checked three times: when an endpoint is registered, to report the error at
 * once; when the name is resolved; and when a socket connects. The last check decides: a name may
 * resolve differently by then, and a literal address is never resolved.
 */
@Component
class Destinations implements Dns {

  private static final int MAX_URL = 2_000;

  private final NameResolver names;
  private final boolean allowPrivate;

  Destinations(NameResolver names, WebhooksSettings settings) {
    this.names = names;
    this.allowPrivate = settings.allowPrivate();
  }

  /**
   * Returns the URL as it will be called.
   *
   * @throws dev.behalf.server.problem.Problem if the URL cannot be used
   */
  String register(String text) {
    var url = text.length() > MAX_URL ? null : HttpUrl.parse(text);
    if (url == null || !isAllowed(url)) {
      throw NewEndpoint.fault(
          "url",
          allowPrivate
              ? "Give an address that begins with https:// or http://, of at most 2,000 characters."
              : "Give an address that begins with https://, of at most 2,000 characters.");
    }
    if (!url.encodedUsername().isEmpty() || !url.encodedPassword().isEmpty()) {
      throw NewEndpoint.fault(
          "url", "Leave user name and password out: the signature says who is calling.");
    }
    try {
      lookup(url.host());
    } catch (AddressRefused notPublic) {
      throw NewEndpoint.fault(
          "url", "Give an address that is reached from the internet: this one leads elsewhere.");
    } catch (UnknownHostException notYet) {
      // The name may resolve by the time there is something to send.
    }
    return url.newBuilder().fragment(null).build().toString();
  }

  /** Allows URLs without TLS only if the operator allows private addresses. */
  boolean isAllowed(HttpUrl url) {
    return url.isHttps() || allowPrivate;
  }

  @Override
  public List<InetAddress> lookup(String host) throws UnknownHostException {
    var addresses = names.resolve(host);
    for (var address : addresses) {
      check(address);
    }
    return List.of(addresses);
  }

  private void check(InetAddress address) throws AddressRefused {
    if (!allowPrivate && !Addresses.isPublic(address)) {
      throw new AddressRefused();
    }
  }

  SocketFactory sockets() {
    return new Sockets();
  }

  /** Connects only to allowed addresses, and never through a proxy. */
  private final class CheckedSocket extends Socket {

    CheckedSocket() {
      super(Proxy.NO_PROXY);
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
      if (!(endpoint instanceof InetSocketAddress to) || to.isUnresolved()) {
        throw new AddressRefused();
      }
      check(to.getAddress());
      super.connect(endpoint, timeout);
    }
  }

  private final class Sockets extends SocketFactory {

    @Override
    public Socket createSocket() {
      return new CheckedSocket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      throw connected();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort)
        throws IOException {
      throw connected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      throw connected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
        throws IOException {
      throw connected();
    }

    private static SocketException connected() {
      return new SocketException("A socket is checked when it connects: make one that has not.");
    }
  }
}
