/** The call to compute-server and what its answers mean. */
@NullMarked
package dev.behalf.worker.compute;

import org.jspecify.annotations.NullMarked;
