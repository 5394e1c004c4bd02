package dev.behalf.web.identity.apikeys;

import java.util.UUID;

/** A key could not be moved on by itself; the others were. */
public record RotationFailed(UUID userId, String keyId, RuntimeException cause) {}
