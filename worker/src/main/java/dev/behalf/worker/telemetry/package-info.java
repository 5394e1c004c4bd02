/** Turns events into metrics and log lines. */
@NullMarked
package dev.behalf.worker.telemetry;

import org.jspecify.annotations.NullMarked;
