package dev.behalf.web.identity.keylookup;

import dev.behalf.contract.Environment;
import org.jspecify.annotations.Nullable;

/**
 * The event published when a worker has asked for a key; {@code answer} is {@code found}, {@code
 * refused} or the code of the problem.
 */
public record KeyLookup(@Nullable Environment environment, String answer) {}
