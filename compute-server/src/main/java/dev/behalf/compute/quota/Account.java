package dev.behalf.compute.quota;

import dev.behalf.contract.Environment;
import java.util.UUID;

/** A user in one environment, whose units are counted together. */
public record Account(UUID userId, Environment environment) {}
