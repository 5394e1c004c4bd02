package dev.behalf.web.identity.apikeys;

/** The event published when requests are missing from the request log of keys. */
public record RequestsDropped(long count) {}
