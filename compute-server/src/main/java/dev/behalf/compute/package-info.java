/** compute-server: authenticates a key, computes a job, saves the result and charges it. */
@NullMarked
package dev.behalf.compute;

import org.jspecify.annotations.NullMarked;
