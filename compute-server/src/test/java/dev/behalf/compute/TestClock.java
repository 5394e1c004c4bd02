package dev.behalf.compute;

import java.time.Duration;
import java.time.InstantSource;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** A clock that a test can set ahead for all that runs in the server. */
@TestConfiguration
class TestClock {

  private static volatile Duration ahead = Duration.ZERO;

  /** Sets the clock ahead until the return value is closed. */
  static Ahead ahead(Duration by) {
    ahead = by;
    return () -> ahead = Duration.ZERO;
  }

  /** A clock that is ahead. */
  interface Ahead extends AutoCloseable {
    @Override
    void close();
  }

  @Bean
  @Primary
  InstantSource testClock() {
    return () -> InstantSource.system().instant().plus(ahead);
  }
}
