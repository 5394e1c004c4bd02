package dev.behalf.web.webhooks;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code behalf.webhooks}.
 *
 * @param allowPrivate whether private addresses, and URLs without TLS, may be called
 * @param atOnce the maximum attempts in flight in this process
 * @param perEndpoint the maximum attempts in flight to one endpoint over all replicas; 1 while the
 *     endpoint is failing
 * @param timeout the limit of an attempt, from name resolution to the end of the response
 */
@ConfigurationProperties("behalf.webhooks")
record WebhooksSettings(
    @DefaultValue("false") boolean allowPrivate,
    @DefaultValue("32") int atOnce,
    @DefaultValue("4") int perEndpoint,
    @DefaultValue("15s") Duration timeout) {}
