package dev.behalf.web.identity.apikeys;

import dev.behalf.web.site.archive.ArchivePart;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What a user's archive says about keys: everything but what opens something. */
@Configuration(proxyBeanMethods = false)
class KeyArchive {

  @Bean
  static ArchivePart archivedKeys() {
    return new ArchivePart(
        "keys",
        "accounts.api_keys t left join accounts.key_last_used l on l.user_id = t.user_id and l.key_id = t.key_id",
        "t.key_id",
        "text",
        """
        t.key_id, t.kind, t.environment, t.name, t.scopes, t.networks, t.daily_cap, t.created_at, t.created_by,
        t.expires_at, t.disabled_at, t.revoked_at, t.rotated_at, t.replaced_by, t.leaked_at, t.leak_source,
        l.used_at as last_used_at, l.address as last_used_address, l.user_agent as last_used_user_agent""");
  }

  @Bean
  static ArchivePart archivedCalls() {
    return new ArchivePart(
        "key_calls",
        "accounts.key_days t",
        "t.key_id || ' ' || t.day",
        "text",
        "t.key_id, t.day, t.calls");
  }

  @Bean
  static ArchivePart archivedRefusals() {
    return new ArchivePart(
        "key_refusals",
        "accounts.key_refusals t",
        "t.key_id || ' ' || t.day || ' ' || t.reason",
        "text",
        "t.key_id, t.day, t.reason, t.calls");
  }
}
