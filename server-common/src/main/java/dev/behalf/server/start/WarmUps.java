package dev.behalf.server.start;

import java.util.List;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;

/** Runs each {@link WarmUp} once the web server listens. Readiness is reported after it. */
public final class WarmUps implements ApplicationRunner {

  private final List<WarmUp> warmUps;

  public WarmUps(List<WarmUp> warmUps) {
    this.warmUps = warmUps;
  }

  @Override
  @SuppressWarnings("IllegalCatch") // any failure leaves the first job as slow as it was
  public void run(ApplicationArguments arguments) {
    for (var part : warmUps) {
      try {
        part.warmUp();
      } catch (Exception failed) {
        // What is away is reported by the readiness check, and by whoever needs it.
      }
    }
  }
}
