package dev.behalf.web.work.jobs;

import dev.behalf.web.site.archive.ArchivePart;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What a user's archive says about jobs. */
@Configuration(proxyBeanMethods = false)
class JobArchive {

  @Bean
  static ArchivePart archivedJobs() {
    return new ArchivePart(
        "jobs",
        """
        jobs.jobs t left join compute.results r
          on r.user_id = t.user_id and r.job_id = t.id and r.environment = t.environment and t.state = 'succeeded'""",
        "t.id",
        "uuid",
        """
        t.id, t.environment, t.operation, t.operation_version, t.payload::json as payload, t.state, t.attempt, t.priority,
        t.units, t.code, t.detail, t.hops, t.tags, t.metadata, t.actor, t.origin_key_id, t.retry_of, t.batch_id,
        t.batch_line, t.idempotency_key, t.created_at, t.finished_at, t.cancel_asked_at, r.result::json as result""");
  }

  @Bean
  static ArchivePart archivedQueries() {
    return new ArchivePart(
        "saved_queries", "jobs.views t", "t.name", "text", "t.name, t.query, t.created_at");
  }

  @Bean
  static ArchivePart archivedPauses() {
    return new ArchivePart(
        "pauses",
        "jobs.pauses t",
        "t.environment || ' ' || t.paused_by",
        "text",
        "t.environment, t.paused_at, t.paused_by");
  }
}
