/** Looks up the key of a job's owner. */
@NullMarked
package dev.behalf.worker.secrets;

import org.jspecify.annotations.NullMarked;
