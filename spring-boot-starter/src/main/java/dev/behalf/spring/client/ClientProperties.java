package dev.behalf.spring.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which server is called, and as whom.
 *
 * @param server address of the server, such as https://behalf.example.com
 * @param apiKey key of a user; either this or a platform
 * @param platform a platform that acts for its users
 * @param allowExposure whether the credential may be sent to another machine without encryption
 * @param attempts most attempts of each request that can safely be sent twice
 * @param outbox where requests wait that belong to a transaction
 */
@ConfigurationProperties("behalf")
record ClientProperties(
    @Nullable String server,
    @Nullable String apiKey,
    @Nullable Platform platform,
    @DefaultValue("false") boolean allowExposure,
    @DefaultValue("6") int attempts,
    @DefaultValue Outbox outbox) {

  ClientProperties {
    if (attempts < 1) {
      throw new IllegalArgumentException("Set behalf.attempts to 1 or more.");
    }
  }

  /**
   * A platform.
   *
   * @param id its client id
   * @param secret its client secret
   */
  record Platform(@DefaultValue("") String id, @DefaultValue("") String secret) {

    @Override
    public String toString() {
      return "platform " + id;
    }
  }

  /**
   * The table in which requests wait.
   *
   * @param enabled whether requests are kept in the table behalf_outbox of the application's
   *     database, so that none is lost if the process dies after the commit
   * @param pause how long a request waits before it is sent again
   */
  record Outbox(@DefaultValue("false") boolean enabled, @DefaultValue("10s") Duration pause) {

    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofHours(1);

    Outbox {
      if (pause.compareTo(SHORTEST) < 0 || pause.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException("Set behalf.outbox.pause to 10 ms to 1 h.");
      }
    }
  }

  @Override
  public String toString() {
    return "server " + server;
  }
}
