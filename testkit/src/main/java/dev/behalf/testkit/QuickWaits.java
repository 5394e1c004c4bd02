package dev.behalf.testkit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Makes each wait of a test check at once and then every 25 ms. By default, Awaitility checks for
 * the first time after 100 ms, also what is true already. JUnit finds this class by its service
 * file.
 */
public final class QuickWaits implements LauncherSessionListener {

  private static final Duration EVERY = Duration.ofMillis(25);

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Awaitility.setDefaultPollDelay(Duration.ZERO);
    Awaitility.setDefaultPollInterval(EVERY);
  }
}
