package dev.behalf.spring.client;

import dev.behalf.client.BehalfClient;
import dev.behalf.client.RetryPolicy;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Makes a {@link BehalfClient} where {@code behalf.server} is set. It connects on first use. */
@AutoConfiguration
@ConditionalOnProperty("behalf.server")
@EnableConfigurationProperties(ClientProperties.class)
class BehalfClientAutoConfiguration {

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  BehalfClient behalfClient(
      ClientProperties properties, ObjectProvider<BehalfClientCustomizer> customizers) {
    var server = properties.server();
    if (server == null || server.isBlank()) {
      throw new IllegalStateException("Set behalf.server to the address of the server.");
    }
    var builder =
        BehalfClient.builder(server)
            .userAgent("behalf-spring")
            .retries(new RetryPolicy(properties.attempts(), LONGEST_PAUSE));
    if (properties.allowExposure()) {
      builder.allowExposure();
    }
    authenticate(builder, properties);
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    return builder.build();
  }

  private static void authenticate(BehalfClient.Builder builder, ClientProperties properties) {
    var key = properties.apiKey();
    var platform = properties.platform();
    if ((key == null) == (platform == null)
        || (platform != null && (platform.id().isBlank() || platform.secret().isBlank()))) {
      throw new IllegalStateException(
          "Set either behalf.api-key, or behalf.platform.id and behalf.platform.secret.");
    }
    if (key != null) {
      builder.apiKey(key);
    } else if (platform != null) {
      builder.platform(platform.id(), platform.secret());
    }
  }
}
