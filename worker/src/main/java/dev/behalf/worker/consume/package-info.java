/**
 * Consumes jobs from the broker and acknowledges each job only after the broker has confirmed its
 * outcome.
 */
@NullMarked
package dev.behalf.worker.consume;

import org.jspecify.annotations.NullMarked;
