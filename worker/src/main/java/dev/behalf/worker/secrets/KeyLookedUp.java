package dev.behalf.worker.secrets;

import dev.behalf.contract.Environment;

/** The worker has looked up a key over the network. */
public record KeyLookedUp(Environment environment, SecretLookup.Answer answer) {}
