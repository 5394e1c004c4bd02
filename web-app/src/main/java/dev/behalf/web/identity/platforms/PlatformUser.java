package dev.behalf.web.identity.platforms;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A user of a platform.
 *
 * @param userId id of the user in jobs, receipts and messages
 * @param quota the limits that are stored: those that were set and, once a job was charged, that of
 *     the installation
 * @param disabledBy {@code operator} or {@code platform}; what an operator disabled, no platform
 *     enables
 * @param actingEndedAt since when the platform may no longer act for the user
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PlatformUser(
    String externalId,
    UUID userId,
    String name,
    String email,
    UserProperties.UserQuota quota,
    List<String> permissions,
    Map<String, String> metadata,
    Instant createdAt,
    @Nullable Instant disabledAt,
    @Nullable String disabledBy,
    @Nullable Instant actingEndedAt) {}
