package dev.behalf.web.work.batches;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;

/** A body that ends with an exception if its sender takes too long. */
final class InTime extends FilterInputStream {

  private final InstantSource clock;
  private final Instant until;

  InTime(InputStream body, InstantSource clock, Instant until) {
    super(body);
    this.clock = clock;
    this.until = until;
  }

  @Override
  public int read(byte[] into, int from, int most) throws IOException {
    if (clock.instant().isAfter(until)) {
      throw new IOException("The sender takes too long.");
    }
    return super.read(into, from, most);
  }
}
