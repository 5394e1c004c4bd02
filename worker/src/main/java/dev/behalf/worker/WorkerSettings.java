package dev.behalf.worker;

import dev.behalf.contract.CallLimits;
import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings under {@code behalf}; application.yaml explains them.
 *
 * @param messageSecrets the secrets that sign messages, in the format of {@link
 *     dev.behalf.contract.KeyRing#parse}, as are {@code lookupSecrets}
 * @param consumerTimeout how long RabbitMQ waits for an acknowledgement before it requeues a
 *     message
 * @param http2 whether to call compute-server over HTTP/2, without TLS (h2c) if its address is http
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

  /**
   * If compute-server refuses a key, the worker looks the key up once more and repeats the call.
   */
  private static final int CALLS_OF_AN_ATTEMPT = 2;

  public WorkerSettings {
    CallLimits.requireShorter(
        "behalf.call-timeout, twice",
        callTimeout.multipliedBy(CALLS_OF_AN_ATTEMPT),
        "behalf.consumer-timeout, the broker's for an acknowledgement",
        consumerTimeout);
  }

  /** The maximum number of jobs at once in this process, by environment. */
  public record Concurrency(@DefaultValue("256") int live, @DefaultValue("32") int test) {}

  @Override
  public String toString() {
    return "WorkerSettings[computeUrl=" + computeUrl + ", lookupUrl=" + lookupUrl + "]";
  }
}
