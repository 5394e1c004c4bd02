package dev.behalf.web.site.security;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code behalf.anonymous-limits}: for each address (of IPv6, each /64), in each
 * replica.
 *
 * @param signUpsPerHour accounts, and tries to make one
 * @param sessionsPerMinute that are begun
 * @param reportsPerMinute of leaked keys, and receipts that are checked
 */
@ConfigurationProperties("behalf.anonymous-limits")
record AnonymousRateSettings(
    @DefaultValue("10") int signUpsPerHour,
    @DefaultValue("120") int sessionsPerMinute,
    @DefaultValue("60") int reportsPerMinute) {}
