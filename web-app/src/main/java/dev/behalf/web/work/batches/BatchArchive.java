package dev.behalf.web.work.batches;

import dev.behalf.web.site.archive.ArchivePart;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What a user's archive says about batches; their jobs name the batch and the line. */
@Configuration(proxyBeanMethods = false)
class BatchArchive {

  @Bean
  static ArchivePart archivedBatches() {
    return new ArchivePart(
        "batches",
        "jobs.batches t",
        "t.id",
        "uuid",
        """
        t.id, t.environment, t.name, t.format, t.lines, t.queued, t.complete, t.idempotency_key, t.heading,
        t.created_at, t.completed_at""");
  }

  @Bean
  static ArchivePart archivedInvalidLines() {
    return new ArchivePart(
        "batch_invalid_lines",
        "jobs.batch_faults t",
        "t.batch_id || ' ' || lpad(t.line::text, 10, '0')",
        "text",
        "t.batch_id, t.line, t.fault, t.words");
  }

  @Bean
  static ArchivePart archivedBatchRows() {
    return new ArchivePart(
        "batch_rows",
        "jobs.batch_rows t",
        "t.batch_id || ' ' || lpad(t.line::text, 10, '0')",
        "text",
        "t.batch_id, t.line, t.rows");
  }
}
