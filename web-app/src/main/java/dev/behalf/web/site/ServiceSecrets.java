package dev.behalf.web.site;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What only the services know; application.yaml says what each is for. All are written {@code
 * id:base64,id:base64}, the first is the one in use.
 */
@ConfigurationProperties("behalf.secrets")
public record ServiceSecrets(String peppers, String masterKeys, String messages, String lookups) {

  @Override
  public String toString() {
    return "Secrets[…]";
  }
}
