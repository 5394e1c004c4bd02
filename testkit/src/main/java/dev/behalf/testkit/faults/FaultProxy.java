package dev.behalf.testkit.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on the loopback address that tests can make fail while it runs. With several targets,
 * it distributes connections in rotation and tries the next target if one refuses.
 */
public final class FaultProxy implements AutoCloseable {

  private static final int CONNECT_MILLIS = 1_000;

  private final List<Integer> targets;
  private final AtomicInteger turn = new AtomicInteger();
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final int port;
  private volatile String watched = "";
  private volatile boolean hasSeen;
  private volatile Toxic toxic = new Toxic.None();
  private @Nullable ServerSocket door;

  /** Opens a proxy to the given ports. */
  public FaultProxy(Integer... targets) throws IOException {
    this.targets = List.of(targets);
    this.port = open(0).getLocalPort();
  }

  public int port() {
    return port;
  }

  /** Starts to search new connections for a word that must not pass. */
  public void watchFor(String word) {
    watched = word;
  }

  /** Returns whether the word has passed. */
  public boolean hasSeen() {
    return hasSeen;
  }

  /** Sets the fault for open and new connections. */
  public synchronized void set(Toxic wrong) throws IOException {
    toxic = wrong;
    switch (wrong) {
      case Toxic.Down down -> {
        shut();
        links.forEach(Link::close);
      }
      case Toxic.HalfOpen halfOpen -> {
        links.forEach(Link::swallow);
        openAgain();
      }
      default -> openAgain();
    }
  }

  /** Removes the fault. */
  public void heal() throws IOException {
    set(new Toxic.None());
  }

  @Nullable Watch watch() {
    return watched.isEmpty() ? null : new Watch(watched);
  }

  void seen() {
    hasSeen = true;
  }

  Toxic toxic() {
    return toxic;
  }

  void ended(Link link) {
    links.remove(link);
  }

  @Override
  public synchronized void close() throws IOException {
    shut();
    links.forEach(Link::close);
  }

  private void openAgain() throws IOException {
    if (door == null) {
      open(port);
    }
  }

  private ServerSocket open(int wished) throws IOException {
    var opened = new ServerSocket();
    opened.setReuseAddress(true);
    opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wished), 200);
    door = opened;
    Thread.ofVirtual().name("proxy").start(() -> accept(opened));
    return opened;
  }

  private void shut() throws IOException {
    if (door != null) {
      door.close();
      door = null;
    }
  }

  private void accept(ServerSocket opened) {
    while (!opened.isClosed()) {
      try {
        var client = opened.accept();
        Thread.ofVirtual().name("link").start(() -> connect(client));
      } catch (IOException closed) {
        // The loop ends when the server socket is closed.
      }
    }
  }

  private void connect(Socket client) {
    var link = new Link(this, client);
    links.add(link);
    if (toxic instanceof Toxic.HalfOpen) {
      link.swallow();
      link.run(null);
      return;
    }
    for (int i = 0; i < targets.size(); i++) {
      var target = targets.get(Math.floorMod(turn.getAndIncrement(), targets.size()));
      try {
        var server = new Socket();
        server.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), target), CONNECT_MILLIS);
        link.run(server);
        return;
      } catch (IOException refused) {
        // Try the next target, if any.
      }
    }
    link.close();
  }
}
