/** Jobs from the click to the outcome: stored, dispatched in turn, settled. */
@NullMarked
package dev.behalf.web.work.jobs;

import org.jspecify.annotations.NullMarked;
