package dev.example.site;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** Starts the site, or registers its webhook with {@code --register-webhook=URL}. */
@SpringBootApplication
@EnableConfigurationProperties(SiteSettings.class)
class Site {

  public static void main(String[] args) {
    if (RegisterWebhook.isAsked(args)) {
      System.exit(RegisterWebhook.run(args));
    } else {
      SpringApplication.run(Site.class, args);
    }
  }
}
