/** Meters, log lines and traces of what compute-server does. */
@NullMarked
package dev.behalf.compute.telemetry;

import org.jspecify.annotations.NullMarked;
