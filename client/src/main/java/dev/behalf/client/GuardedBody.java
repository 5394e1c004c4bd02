package dev.behalf.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A body that ends when nothing comes any more. The timeout of a request covers its headers only,
 * and a connection can die without a word, as after the sleep of a laptop.
 */
final class GuardedBody extends FilterInputStream {

  /** Longest silence. A stream of events says every 15 s that it lives. */
  private static final Duration SILENCE = Duration.ofSeconds(45);

  private final Thread guard = Thread.ofVirtual().unstarted(this::closeWhenSilent);
  private volatile long heard = System.nanoTime();

  GuardedBody(InputStream in) {
    super(in);
    guard.start();
  }

  @Override
  public int read() throws IOException {
    var next = super.read();
    heard = System.nanoTime();
    return next;
  }

  @Override
  public int read(byte[] bytes, int from, int most) throws IOException {
    var length = super.read(bytes, from, most);
    heard = System.nanoTime();
    return length;
  }

  @Override
  public void close() throws IOException {
    guard.interrupt();
    super.close();
  }

  private void closeWhenSilent() {
    try {
      while (System.nanoTime() - heard < SILENCE.toNanos()) {
        TimeUnit.SECONDS.sleep(1);
      }
      in.close();
    } catch (IOException | InterruptedException closed) {
      // The reader has seen the end.
    }
  }
}
