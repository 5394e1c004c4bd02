package dev.behalf.web.identity.oauth;

import dev.behalf.web.site.archive.ArchivePart;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What a user's archive says about applications, and about those that act for the user. */
@Configuration(proxyBeanMethods = false)
class ApplicationArchive {

  @Bean
  static ArchivePart archivedApplications() {
    return new ArchivePart(
        "applications",
        "accounts.applications t",
        "t.id",
        "uuid",
        "t.id, t.client_id, t.name, t.redirect_uris, t.scopes, t.created_at");
  }

  @Bean
  static ArchivePart archivedConsents() {
    return new ArchivePart(
        "consents",
        "accounts.consents t left join accounts.applications a on a.id = t.application_id",
        "t.application_id",
        "uuid",
        "t.application_id, a.name as application, t.scopes, t.given_at");
  }
}
