package dev.behalf.web.identity.passkeys;

import dev.behalf.web.site.archive.ArchivePart;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What a user's archive says about passkeys. */
@Configuration(proxyBeanMethods = false)
class PasskeyArchive {

  @Bean
  static ArchivePart archivedPasskeys() {
    return new ArchivePart(
        "passkeys",
        "accounts.passkeys t",
        "t.id",
        "uuid",
        "t.id, t.label, t.transports, t.created_at, t.used_at");
  }
}
