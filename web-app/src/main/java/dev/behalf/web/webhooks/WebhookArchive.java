package dev.behalf.web.webhooks;

import dev.behalf.web.site.archive.ArchivePart;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What a user's archive says about webhooks, without their secrets. */
@Configuration(proxyBeanMethods = false)
class WebhookArchive {

  @Bean
  static ArchivePart archivedWebhooks() {
    return new ArchivePart(
        "webhooks",
        "webhooks.endpoints t",
        "t.id",
        "uuid",
        """
        t.id, t.environment, t.url, t.events, t.description, t.created_at, t.failing_since, t.disabled_at,
        t.disabled_reason""");
  }

  @Bean
  static ArchivePart archivedDeliveries() {
    return new ArchivePart(
        "webhook_deliveries",
        "webhooks.deliveries t",
        "t.id",
        "text",
        """
        t.id, t.endpoint_id, t.job_id, t.batch_id, t.type, t.body, t.state, t.attempt as attempts, t.reason,
        t.created_at, t.ended_at""");
  }
}
