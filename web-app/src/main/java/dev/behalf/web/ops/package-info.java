/** Turns events into figures and log lines. */
@NullMarked
package dev.behalf.web.ops;

import org.jspecify.annotations.NullMarked;
