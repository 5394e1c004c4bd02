package dev.behalf.testkit.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The clock of processes, put forward and back while they run, by libfaketime where it is here. */
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

  /** What a process needs to go by this clock. Waiting is not affected. */
  public Map<String, String> environment() {
    return Map.of(
        "LD_PRELOAD", library.toString(),
        "FAKETIME_TIMESTAMP_FILE", offset.toString(),
        "FAKETIME_CACHE_DURATION", "1",
        "FAKETIME_DONT_FAKE_MONOTONIC", "1",
        "FAKETIME_DONT_RESET", "1",
        // Its cure for a fault of old C libraries lets every wait return at once, over and over.
        "FAKETIME_FORCE_MONOTONIC_FIX", "0");
  }

  /** From now on, within a second. */
  public void set(Duration ahead) throws IOException {
    Files.writeString(offset, "%+d\n".formatted(ahead.toSeconds()));
  }
}
