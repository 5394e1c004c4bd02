package dev.behalf.web.webhooks;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code behalf.webhooks}.
 *
 * @param allowPrivate also addresses of one's own network are called, and without TLS
 * @param atOnce attempts under way in this process
 * @param perEndpoint of those, to one endpoint, over all replicas; one while it fails
 * @param timeout of an attempt, from the name to the end of the answer
 */
@ConfigurationProperties("behalf.webhooks")
record WebhooksSettings(
    @DefaultValue("false") boolean allowPrivate,
    @DefaultValue("32") int atOnce,
    @DefaultValue("4") int perEndpoint,
    @DefaultValue("15s") Duration timeout) {}
