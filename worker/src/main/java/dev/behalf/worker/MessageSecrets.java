package dev.behalf.worker;

import dev.behalf.contract.KeyRing;

/** What messages between web-app and workers are signed with. */
public record MessageSecrets(KeyRing ring) {}
