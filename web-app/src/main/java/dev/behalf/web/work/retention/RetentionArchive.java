package dev.behalf.web.work.retention;

import dev.behalf.web.site.archive.ArchivePart;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What a user's archive says about the days that jobs are kept. */
@Configuration(proxyBeanMethods = false)
class RetentionArchive {

  @Bean
  static ArchivePart archivedRetention() {
    return new ArchivePart(
        "retention", "jobs.retention t", "t.environment", "text", "t.environment, t.days");
  }
}
