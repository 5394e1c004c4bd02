package dev.behalf.worker;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code behalf}; application.yaml says what they mean.
 *
 * @param messageSecrets and lookupSecrets as {@link dev.behalf.contract.KeyRing#parse} reads them
 */
@ConfigurationProperties("behalf")
public record WorkerSettings(
    URI computeUrl,
    URI lookupUrl,
    String messageSecrets,
    String lookupSecrets,
    @DefaultValue("2s") Duration connectTimeout,
    @DefaultValue("30s") Duration callTimeout,
    @DefaultValue("60s") Duration keyMaxAge) {

  @Override
  public String toString() {
    return "WorkerSettings[computeUrl=" + computeUrl + ", lookupUrl=" + lookupUrl + "]";
  }
}
