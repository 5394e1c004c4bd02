package dev.behalf.compute.engines;

import dev.behalf.engine.EngineSecret;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.springframework.stereotype.Component;

/**
 * The secrets that engines share with Behalf, by name. A changed file counts within a few seconds,
 * so that a secret can be rotated.
 */
@Component
class EngineSecrets {

  private static final Duration MAX_AGE = Duration.ofSeconds(5);
  private static final long MAX_BYTES = 4096;

  private final EngineSettings settings;
  private final Map<String, Read> known = new ConcurrentHashMap<>();

  EngineSecrets(EngineSettings settings) {
    this.settings = settings;
  }

  /** What a file held at a time of {@link System#nanoTime}. */
  private record Read(Optional<String> text, long at) {
    boolean isOld() {
      return System.nanoTime() - at > MAX_AGE.toNanos();
    }
  }

  /** Returns a secret that signs calls; empty if there is none, or it cannot be used. */
  Optional<EngineSecret> signing(String name) {
    return find(name, EngineSecret::of);
  }

  /**
   * Returns the key of a chat server; empty if there is none, or it cannot be used. Keys have a
   * folder of their own: no definition can have a secret sent that signs calls.
   */
  Optional<EngineSecret> ofChat(String name) {
    return find(EngineSecret.CHAT_FOLDER + name, EngineSecret::ofChat);
  }

  private Optional<EngineSecret> find(
      String name, BiFunction<String, String, EngineSecret> secret) {
    try {
      return text(name).map(text -> secret.apply(name, text));
    } catch (IllegalArgumentException unusable) {
      return Optional.empty();
    }
  }

  private Optional<String> text(String name) {
    return known
        .compute(
            name,
            (same, read) ->
                read == null || read.isOld() ? new Read(read(name), System.nanoTime()) : read)
        .text();
  }

  private Optional<String> read(String name) {
    if (settings.secrets() == null) {
      return Optional.empty();
    }
    var file = settings.secrets().resolve(name);
    try {
      return Files.isRegularFile(file) && Files.size(file) <= MAX_BYTES
          ? Optional.of(Files.readString(file))
          : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }
}
