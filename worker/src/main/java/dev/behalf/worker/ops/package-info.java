/** Turns events into figures and log lines. */
@NullMarked
package dev.behalf.worker.ops;

import org.jspecify.annotations.NullMarked;
