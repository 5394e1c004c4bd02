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

/** Settings that accept valid requests which the container or the firewall would refuse. */
@Configuration(proxyBeanMethods = false)
public class HttpTolerance {

  /** More than the headers of a request can hold. */
  private static final int MAX_LANGUAGES = 8_192;

  private static final int MAX_HEADER_TEXT = 500;

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

  /**
   * Returns a header as readable text: decoded as UTF-8 or else as ISO 8859-1, without control
   * characters, at most 500 code points long.
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
