package dev.behalf.web.identity.apikeys;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A request with a key that was answered and is not yet written; see {@link LoggedRequest}. */
record FinishedRequest(
    UUID userId,
    String keyId,
    Instant at,
    String method,
    @Nullable String route,
    int status,
    @Nullable String code,
    long durationMs,
    String address) {}
