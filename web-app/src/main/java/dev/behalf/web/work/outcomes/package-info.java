/**
 * Outcomes of jobs, from the workers' messages to the settled rows, and the repair of lost ones.
 */
@NullMarked
package dev.behalf.web.work.outcomes;

import org.jspecify.annotations.NullMarked;
