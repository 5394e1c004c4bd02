/** Takes jobs from the broker and lets go of them only when their outcome is safe. */
@NullMarked
package dev.behalf.worker.consume;

import org.jspecify.annotations.NullMarked;
