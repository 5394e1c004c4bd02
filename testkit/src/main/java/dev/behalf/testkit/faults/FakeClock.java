package dev.behalf.testkit.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A clock for processes that tests set forward and back while they run, by libfaketime if it is
 * installed.
 */
public final class FakeClock {

  private final Path library;
  private final Path offset;

  private FakeClock(Path library, Path offset) {
    this.library = library;
    this.offset = offset;
  }

  public static Optional<FakeClock> find() throws IOException {
    var found =
        Stream.of("x86_64-linux-gnu", "aarch64-linux-gnu")
            .map(platform -> Path.of("/usr/lib", platform, "faketime", "libfaketimeMT.so.1"))
            .filter(Files::exists)
            .findFirst();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    var clock = new FakeClock(found.get(), Files.createTempFile("behalf-clock", ".offset"));
    clock.set(Duration.ZERO);
    return Optional.of(clock);
  }

  /**
   * Returns the environment variables that make a process use this clock. Waits are not affected.
   */
  public Map<String, String> environment() {
    return Map.of(
        "LD_PRELOAD", library.toString(),
        "FAKETIME_TIMESTAMP_FILE", offset.toString(),
        "FAKETIME_CACHE_DURATION", "1",
        "FAKETIME_DONT_FAKE_MONOTONIC", "1",
        "FAKETIME_DONT_RESET", "1",
        // libfaketime's fix for a bug of old C libraries lets waits return at once, over and over.
        "FAKETIME_FORCE_MONOTONIC_FIX", "0");
  }

  /** Sets how far the clock is ahead of the real one; processes follow within a second. */
  public void set(Duration ahead) throws IOException {
    Files.writeString(offset, "%+d\n".formatted(ahead.toSeconds()));
  }
}
