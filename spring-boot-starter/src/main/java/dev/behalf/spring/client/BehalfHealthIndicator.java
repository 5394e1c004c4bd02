package dev.behalf.spring.client;

import dev.behalf.client.BehalfClient;
import dev.behalf.client.ConnectionException;
import dev.behalf.client.ProblemException;
import dev.behalf.client.RetryPolicy;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Whether the server answers and accepts the credential, asked once and without retries. */
class BehalfHealthIndicator extends AbstractHealthIndicator {

  private final BehalfClient client;

  BehalfHealthIndicator(BehalfClient client) {
    super("Behalf could not be asked.");
    this.client = client.retrying(RetryPolicy.NEVER);
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    try {
      client.verify();
      builder.up();
    } catch (ProblemException refused) {
      builder
          .down()
          .withDetail("status", refused.status())
          .withDetail("code", refused.code())
          .withDetail("detail", refused.detail());
    } catch (ConnectionException lost) {
      builder.down().withDetail("detail", String.valueOf(lost.getMessage()));
    }
  }
}
