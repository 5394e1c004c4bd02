/**
 * The client of Behalf's API. Begin with {@link dev.behalf.client.BehalfClient}; {@link
 * dev.behalf.client.WebhookVerifier} checks what comes back.
 */
@NullMarked
package dev.behalf.client;

import org.jspecify.annotations.NullMarked;
