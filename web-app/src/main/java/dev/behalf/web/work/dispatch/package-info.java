/** Dispatch of jobs from the queue to the broker: fair queue, limits and pauses. */
@NullMarked
package dev.behalf.web.work.dispatch;

import org.jspecify.annotations.NullMarked;
