package dev.behalf.engine;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** Reads a body line by line, of which only one line is kept. */
final class Lines {

  /** The longest line, in bytes; a result that is longer is sent as plain JSON. */
  static final int MAX_LINE = 1024 * 1024;

  /** The most bytes beside the result, of an answer within a minute and of a longer one. */
  private static final long MAX_BYTES = 8L * 1024 * 1024;

  private static final long MAX_BYTES_OF_LONG = 64L * 1024 * 1024;

  private static final Duration LONG = Duration.ofMinutes(1);

  private final BufferedSource source;
  private final Duration silence;
  private final long maxBytes;
  private final long maxResult;
  private long read;

  Lines(BufferedSource source, EngineCall call) {
    this.source = source;
    this.silence = call.silence();
    this.maxResult = call.maxResult();
    this.maxBytes = call.runWithin().compareTo(LONG) > 0 ? MAX_BYTES_OF_LONG : MAX_BYTES;
  }

  /** Lets the engine be silent for no longer than the call allows, from now on. */
  void limitSilence() {
    source.timeout().timeout(silence.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Returns the next line without its end, or null after the last one. */
  byte @Nullable [] next() throws IOException, BrokenAnswer {
    if (source.exhausted()) {
      return null;
    }
    var end = source.indexOf((byte) '\n', 0, MAX_LINE + 1L);
    if (end < 0 && source.request(MAX_LINE + 1L)) {
      throw new BrokenAnswer("A line is longer than 1 MiB.");
    }
    // The last newline is optional.
    var line = end < 0 ? source.readByteArray() : source.readByteArray(end);
    if (end >= 0) {
      source.skip(1);
    }
    read += line.length + 1L;
    if (read > maxBytes + maxResult) {
      throw new BrokenAnswer(
          "The engine sent more than %d MiB of lines before its end."
              .formatted(maxBytes / 1024 / 1024));
    }
    return line.length > 0 && line[line.length - 1] == '\r'
        ? Arrays.copyOf(line, line.length - 1)
        : line;
  }
}
