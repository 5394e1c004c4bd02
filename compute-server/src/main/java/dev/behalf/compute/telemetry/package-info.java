/** Turns events into figures and log lines. */
@NullMarked
package dev.behalf.compute.telemetry;

import org.jspecify.annotations.NullMarked;
