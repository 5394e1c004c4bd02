package dev.behalf.web.identity.accounts;

import dev.behalf.web.site.archive.ArchivePart;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What a user's archive says about the account itself. */
@Configuration(proxyBeanMethods = false)
class AccountArchive {

  @Bean
  static ArchivePart archivedAccount() {
    return new ArchivePart(
        "account",
        "(select u.*, u.id as user_id from accounts.users u) t",
        "t.id",
        "uuid",
        """
        t.id, t.email, t.email_verified_at, t.created_at, t.scopes, t.permissions, t.revoke_leaked, t.theme,
        t.language, t.time_zone, t.disabled_at, t.disabled_by""");
  }

  @Bean
  static ArchivePart archivedIdentities() {
    return new ArchivePart(
        "sign_in_providers",
        "accounts.identities t",
        "t.issuer || ' ' || t.subject",
        "text",
        "t.issuer, t.subject, t.created_at");
  }

  @Bean
  static ArchivePart archivedActivity() {
    return new ArchivePart(
        "activity",
        "accounts.audit_log t",
        "t.id",
        "bigint",
        "t.at, t.actor, t.action, t.object, t.address, t.user_agent, t.details");
  }

  @Bean
  static ArchivePart archivedMails() {
    return new ArchivePart(
        "mails",
        "accounts.mails t",
        "t.id",
        "uuid",
        "t.address, t.kind, t.language, t.created_at, t.ended_at");
  }

  @Bean
  static ArchivePart archivedPlatformUser() {
    return new ArchivePart(
        "platforms",
        "accounts.platform_users t join accounts.platforms p on p.id = t.platform_id",
        "t.platform_id",
        "uuid",
        "p.name as platform, t.external_id, t.name, t.email, t.metadata, t.created_at, t.acting_ended_at");
  }
}
