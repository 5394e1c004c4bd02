package dev.behalf.testkit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Makes the waits of tests that use this module check at once and then every 25 ms. By default,
 * Awaitility first waits for 100 ms, even if the condition is already true. JUnit finds this class
 * by its service file.
 */
public final class QuickWaits implements LauncherSessionListener {

  private static final Duration EVERY = Duration.ofMillis(25);

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Awaitility.setDefaultPollDelay(Duration.ZERO);
    Awaitility.setDefaultPollInterval(EVERY);
  }
}
