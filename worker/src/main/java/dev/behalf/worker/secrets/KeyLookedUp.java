package dev.behalf.worker.secrets;

import dev.behalf.contract.Environment;

/** A key was asked for over the network. */
public record KeyLookedUp(Environment environment, SecretLookup.Answer answer) {}
