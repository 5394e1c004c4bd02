/** Turns events into metrics and log lines. */
@NullMarked
package dev.behalf.web.operators.telemetry;

import org.jspecify.annotations.NullMarked;
