/** Calls compute-server and interprets its answers. */
@NullMarked
package dev.behalf.worker.compute;

import org.jspecify.annotations.NullMarked;
