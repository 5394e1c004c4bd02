/** Turns events into figures and log lines. */
@NullMarked
package dev.behalf.compute.ops;

import org.jspecify.annotations.NullMarked;
