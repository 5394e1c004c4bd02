package dev.behalf.worker;

import dev.behalf.contract.KeyRing;

/** The secrets that sign messages between web-app and workers. */
public record MessageSecrets(KeyRing ring) {}
