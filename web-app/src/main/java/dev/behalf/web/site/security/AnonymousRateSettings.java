package dev.behalf.web.site.security;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code behalf.anonymous-limits}, for each address (of IPv6, each /64) in each
 * replica.
 *
 * @param signUpsPerHour attempts to sign up
 * @param sessionsPerMinute new sessions
 * @param reportsPerMinute reports of leaked keys and checks of receipts
 */
@ConfigurationProperties("behalf.anonymous-limits")
record AnonymousRateSettings(
    @DefaultValue("10") int signUpsPerHour,
    @DefaultValue("120") int sessionsPerMinute,
    @DefaultValue("60") int reportsPerMinute) {}
