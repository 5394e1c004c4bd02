package dev.behalf.spring.engine;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The engines of this application.
 *
 * @param secretName the name by which definitions and compute-server know the secret
 * @param secrets accepted secrets of at least 32 bytes; the second one is for the time of a change
 * @param unsigned whether calls without a signature are accepted: anyone who reaches the
 *     application can then run its engines
 * @param address the address of the application as compute-server reaches it, with the context
 *     path; default: this machine and the port
 * @param definitions the folder into which the definitions are written at the start
 * @param heartbeat how often a long call shows that it is alive, and finds out that it is cancelled
 */
@ConfigurationProperties("behalf.engine")
record EngineProperties(
    @DefaultValue("engines") String secretName,
    @DefaultValue List<String> secrets,
    @DefaultValue("false") boolean unsigned,
    @Nullable URI address,
    @Nullable Path definitions,
    @DefaultValue("1s") Duration heartbeat) {

  private static final Duration SHORTEST = Duration.ofMillis(10);

  EngineProperties {
    secrets = secrets.stream().filter(secret -> !secret.isBlank()).toList();
    if (heartbeat.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException("Set behalf.engine.heartbeat to 10 ms or more.");
    }
  }

  @Override
  public String toString() {
    return "engines at " + address;
  }
}
