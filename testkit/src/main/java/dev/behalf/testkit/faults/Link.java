package dev.behalf.testkit.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A connection through the proxy, in both directions. */
final class Link {

  private static final int PIECE = 16 * 1024;

  private final FaultProxy proxy;
  private final Socket client;
  private volatile @Nullable Socket server;
  private volatile boolean swallows;
  private volatile boolean closed;

  Link(FaultProxy proxy, Socket client) {
    this.proxy = proxy;
    this.client = client;
  }

  /** Starts both directions and returns at once. Without a server, the link swallows all data. */
  void run(@Nullable Socket to) {
    server = to;
    if (closed) {
      close();
      return;
    }
    Thread.ofVirtual().name("up").start(() -> pump(client, to, false));
    if (to != null) {
      Thread.ofVirtual().name("down").start(() -> pump(to, client, true));
    }
  }

  /** Swallows all data from now on; neither side notices that the other has gone. */
  void swallow() {
    swallows = true;
  }

  void close() {
    closed = true;
    closeQuietly(client);
    closeQuietly(server);
    proxy.ended(this);
  }

  private void pump(Socket from, @Nullable Socket to, boolean answers) {
    try {
      from.setTcpNoDelay(true);
      var in = from.getInputStream();
      var piece = new byte[PIECE];
      var watch = proxy.watch();
      var budget = Integer.MAX_VALUE;
      if (answers && proxy.toxic() instanceof Toxic.CutSilent silent) {
        from.setSoTimeout(Math.toIntExact(silent.after().toMillis()));
      }
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        if (watch != null && watch.sees(piece, read)) {
          proxy.seen();
        }
        if (answers && proxy.toxic() instanceof Toxic.ResetWithin reset) {
          budget = budget == Integer.MAX_VALUE ? draw(reset.bytes()) : budget;
          if (read > budget && to != null) {
            to.getOutputStream().write(piece, 0, budget);
            reset();
            return;
          }
          budget -= read;
        }
        if (!swallows && to != null) {
          pass(piece, read, to.getOutputStream());
        }
      }
    } catch (IOException gone) {
      // The other side is closed below.
    }
    if (!swallows) {
      close();
    }
  }

  private void pass(byte[] piece, int length, OutputStream out) throws IOException {
    switch (proxy.toxic()) {
      case Toxic.Latency latency -> {
        pause(latency);
        if (!swallows) {
          out.write(piece, 0, length);
        }
      }
      case Toxic.Slices slices -> {
        for (int i = 0; i < length; i++) {
          out.write(piece, i, 1);
        }
      }
      case Toxic.Down down -> close();
      case Toxic.None none -> out.write(piece, 0, length);
      case Toxic.ResetWithin reset -> out.write(piece, 0, length);
      case Toxic.CutSilent silent -> out.write(piece, 0, length);
      case Toxic.HalfOpen halfOpen -> swallow();
    }
  }

  /** Closes both sides with an RST instead of the end of the stream. */
  private void reset() throws IOException {
    client.setSoLinger(true, 0);
    var to = server;
    if (to != null) {
      to.setSoLinger(true, 0);
    }
    close();
  }

  private static void pause(Toxic.Latency latency) {
    var jitter = latency.jitter().toNanos();
    var nanos =
        latency.mean().toNanos()
            + (jitter == 0 ? 0 : ThreadLocalRandom.current().nextLong(-jitter, jitter + 1));
    var end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static int draw(int most) {
    return ThreadLocalRandom.current().nextInt(most + 1);
  }

  private static void closeQuietly(@Nullable Socket socket) {
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException e) {
        // The connection is gone in any case.
      }
    }
  }
}
