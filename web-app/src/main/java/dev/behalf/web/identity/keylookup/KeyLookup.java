package dev.behalf.web.identity.keylookup;

import dev.behalf.contract.Environment;
import org.jspecify.annotations.Nullable;

/** A worker has asked for a key: {@code found}, {@code refused}, or the code of the problem. */
public record KeyLookup(@Nullable Environment environment, String answer) {}
