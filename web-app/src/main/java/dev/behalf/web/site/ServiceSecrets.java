package dev.behalf.web.site;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The secrets that only the services know; application.yaml says what each is for. Each is a list
 * {@code id:base64,id:base64} whose first entry is the one in use.
 */
@ConfigurationProperties("behalf.secrets")
public record ServiceSecrets(String peppers, String masterKeys, String messages, String lookups) {

  @Override
  public String toString() {
    return "Secrets[…]";
  }
}
