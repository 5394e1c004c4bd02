package dev.behalf.worker;

import dev.behalf.contract.CallLimits;
import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code behalf}; application.yaml says what they mean.
 *
 * @param messageSecrets and lookupSecrets as {@link dev.behalf.contract.KeyRing#parse} reads them
 * @param consumerTimeout after so long RabbitMQ takes back what was not acknowledged
 * @param http2 compute-server is called over HTTP/2, without TLS (h2c) where its address is http
 */
@ConfigurationProperties("behalf")
public record WorkerSettings(
    URI computeUrl,
    URI lookupUrl,
    String messageSecrets,
    String lookupSecrets,
    @DefaultValue("2s") Duration connectTimeout,
    @DefaultValue("30s") Duration callTimeout,
    @DefaultValue("60s") Duration keyMaxAge,
    @DefaultValue Concurrency concurrency,
    @DefaultValue("false") boolean http2,
    @DefaultValue("30m") Duration consumerTimeout) {

  /** A refused key is looked up once more, and the call made again. */
  private static final int CALLS_OF_AN_ATTEMPT = 2;

  public WorkerSettings {
    CallLimits.requireShorter(
        "behalf.call-timeout, twice",
        callTimeout.multipliedBy(CALLS_OF_AN_ATTEMPT),
        "behalf.consumer-timeout, the broker's for an acknowledgement",
        consumerTimeout);
  }

  /** Jobs at once in this process. */
  public record Concurrency(@DefaultValue("256") int live, @DefaultValue("32") int test) {}

  @Override
  public String toString() {
    return "WorkerSettings[computeUrl=" + computeUrl + ", lookupUrl=" + lookupUrl + "]";
  }
}
