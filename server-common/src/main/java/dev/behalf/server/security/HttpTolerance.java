package dev.behalf.server.security;

import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/** Settings that accept valid requests which the container or the firewall would refuse. */
@Configuration(proxyBeanMethods = false)
public class HttpTolerance {

  /** More than the headers of a request can hold. */
  private static final int MAX_LANGUAGES = 8_192;

  /** Lifts Tomcat's limit of 10 languages, because browsers send more. */
  @Bean
  static TomcatConnectorCustomizer anyNumberOfLanguages() {
    return connector -> connector.setMaxLocaleCount(MAX_LANGUAGES);
  }

  /**
   * Accepts octets above 127 in headers: they are opaque (RFC 9110, 5.5), but the firewall mistakes
   * some for control characters.
   */
  @Bean
  static HttpFirewall opaqueHeaders() {
    var firewall = new StrictHttpFirewall();
    firewall.setAllowedHeaderValues(
        value -> value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7F)));
    return firewall;
  }
}
