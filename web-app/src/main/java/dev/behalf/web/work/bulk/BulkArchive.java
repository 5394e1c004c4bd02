package dev.behalf.web.work.bulk;

import dev.behalf.web.site.archive.ArchivePart;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What a user's archive says about bulk actions. */
@Configuration(proxyBeanMethods = false)
class BulkArchive {

  @Bean
  static ArchivePart archivedBulkActions() {
    return new ArchivePart(
        "bulk_actions",
        "jobs.sweeps t",
        "t.id",
        "uuid",
        "t.id, t.environment, t.action, t.query, t.matched, t.done, t.skipped, t.fault, t.created_at, t.finished_at");
  }
}
