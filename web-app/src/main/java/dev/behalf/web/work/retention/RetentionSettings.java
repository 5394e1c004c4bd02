package dev.behalf.web.work.retention;

import dev.behalf.contract.Environment;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Settings under {@code behalf.retention}.
 *
 * @param live days for which ended live jobs are kept; 0: for ever
 * @param test days for which ended test jobs are kept; 0: for ever
 * @param every time between two looks for jobs that are old enough
 */
@ConfigurationProperties("behalf.retention")
record RetentionSettings(
    @DefaultValue("90") int live, @DefaultValue("7") int test, @DefaultValue("1h") Duration every) {

  /** The most days of a user's own choice, and a value that stands for ever. */
  static final int MOST = 3650;

  RetentionSettings {
    Assert.isTrue(
        live >= 0 && live <= MOST, "behalf.retention.live must be 0 to " + MOST + " days.");
    Assert.isTrue(
        test >= 0 && test <= MOST, "behalf.retention.test must be 0 to " + MOST + " days.");
  }

  int days(Environment environment) {
    return environment == Environment.LIVE ? live : test;
  }
}
