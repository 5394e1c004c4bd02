package dev.behalf.worker;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code behalf}; application.yaml says what they mean.
 *
 * @param messageSecrets and lookupSecrets as {@link dev.behalf.contract.KeyRing#parse} reads them
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
    @DefaultValue("false") boolean http2) {

  /** Jobs at once in this process. */
  public record Concurrency(@DefaultValue("256") int live, @DefaultValue("32") int test) {}

  @Override
  public String toString() {
    return "WorkerSettings[computeUrl=" + computeUrl + ", lookupUrl=" + lookupUrl + "]";
  }
}
