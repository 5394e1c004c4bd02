package dev.behalf.compute.security;

import java.util.Arrays;
import org.apache.coyote.http2.Http2Protocol;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Raises Tomcat's limit of 20 concurrent streams per connection. A worker sends all its calls over
 * one connection, and a single charge transaction holds more calls than that: the others would wait
 * although nothing is busy.
 */
@Configuration(proxyBeanMethods = false)
class Http2Streams {

  private static final int OF_ONE_CONNECTION = 1_000;

  @Bean
  static TomcatConnectorCustomizer manyAtOnce() {
    return connector ->
        Arrays.stream(connector.findUpgradeProtocols())
            .filter(Http2Protocol.class::isInstance)
            .map(Http2Protocol.class::cast)
            .forEach(Http2Streams::widen);
  }

  private static void widen(Http2Protocol http2) {
    http2.setMaxConcurrentStreams(OF_ONE_CONNECTION);
    http2.setMaxConcurrentStreamExecution(OF_ONE_CONNECTION);
  }
}
