package dev.behalf.keyauth;

import dev.behalf.contract.Environment;
import java.util.Set;
import java.util.UUID;

/** Who a key stands for, and what this key may do of what the user may do. */
public record KeyHolder(UUID userId, Environment environment, String keyId, Set<String> scopes) {}
