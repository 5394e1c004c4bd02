package dev.behalf.web.billing.usage;

import dev.behalf.web.site.archive.ArchivePart;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What a user's archive says about quotas and charges. */
@Configuration(proxyBeanMethods = false)
class UsageArchive {

  @Bean
  static ArchivePart archivedQuotas() {
    return new ArchivePart(
        "quotas",
        "compute.quota t",
        "t.environment || ' ' || t.period",
        "text",
        "t.environment, t.period, t.limit_units, t.used, t.held");
  }

  @Bean
  static ArchivePart archivedCharges() {
    return new ArchivePart(
        "charges",
        "compute.ledger t",
        "t.job_id",
        "uuid",
        """
        t.job_id, t.environment, t.period, t.operation, t.operation_version, t.outcome, t.units, t.key_id,
        t.origin_key_id, t.created_at,
        (select d.actor from jobs.deleted_job_actors d where d.user_id = t.user_id and d.job_id = t.job_id
           and d.environment = t.environment) as actor_of_deleted_job""");
  }
}
