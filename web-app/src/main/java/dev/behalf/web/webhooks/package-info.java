/** Notifies users' endpoints when jobs end: events, their deliveries and every attempt. */
@NullMarked
package dev.behalf.web.webhooks;

import org.jspecify.annotations.NullMarked;
