/** Turns events into figures and log lines. */
@NullMarked
package dev.behalf.worker.telemetry;

import org.jspecify.annotations.NullMarked;
