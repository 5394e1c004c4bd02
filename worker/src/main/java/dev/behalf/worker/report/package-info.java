/** Publishes outcomes and dead letters, with confirms, and heartbeats. */
@NullMarked
package dev.behalf.worker.report;

import org.jspecify.annotations.NullMarked;
