package dev.behalf.compute.quota;

import dev.behalf.contract.Environment;
import java.util.UUID;

/** Whose units in which environment. */
public record Account(UUID userId, Environment environment) {}
