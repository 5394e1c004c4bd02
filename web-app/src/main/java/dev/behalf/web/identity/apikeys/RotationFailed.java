package dev.behalf.web.identity.apikeys;

import java.util.UUID;

/** The event published when a scheduled change of a key fails. Other keys are not affected. */
public record RotationFailed(UUID userId, String keyId, RuntimeException cause) {}
