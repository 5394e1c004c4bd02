package dev.example.site;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The settings of the site itself.
 *
 * @param environment environment of the jobs, {@code live} or {@code test}
 * @param quota units a month for each person
 * @param webhookSecret what {@code --register-webhook} has printed, or empty
 * @param demoPassword password of the two demo people; empty for a random one
 */
@ConfigurationProperties("site")
record SiteSettings(String environment, long quota, String webhookSecret, String demoPassword) {

  @Override
  public String toString() {
    return "environment " + environment;
  }
}
