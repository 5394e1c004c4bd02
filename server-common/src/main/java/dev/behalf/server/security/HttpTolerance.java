package dev.behalf.server.security;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/** What clients of all kinds send and the container or the firewall would answer with an error. */
@Configuration(proxyBeanMethods = false)
public class HttpTolerance {

  /** A header holds no more. */
  private static final int MAX_LANGUAGES = 8_192;

  private static final int MAX_HEADER_TEXT = 500;

  /** Browsers name more than the 10 that Tomcat takes. */
  @Bean
  static TomcatConnectorCustomizer anyNumberOfLanguages() {
    return connector -> connector.setMaxLocaleCount(MAX_LANGUAGES);
  }

  /**
   * Octets above 127 in a header are opaque (RFC 9110, 5.5): the firewall takes some as controls.
   */
  @Bean
  static HttpFirewall opaqueHeaders() {
    var firewall = new StrictHttpFirewall();
    firewall.setAllowedHeaderValues(
        value -> value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7F)));
    return firewall;
  }

  /**
   * A header as people read it: in UTF-8 where it is that, without control characters, not too
   * long.
   */
  public static String text(@Nullable String header) {
    var octets = header == null ? new byte[0] : header.getBytes(StandardCharsets.ISO_8859_1);
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (CharacterCodingException latin1) {
      text = new String(octets, StandardCharsets.ISO_8859_1);
    }
    return text.codePoints()
        .filter(c -> !Character.isISOControl(c))
        .limit(MAX_HEADER_TEXT)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
