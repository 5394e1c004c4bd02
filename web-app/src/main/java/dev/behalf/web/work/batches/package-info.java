/** Batches: many jobs from one file, and their results in one file. */
@NullMarked
package dev.behalf.web.work.batches;

import org.jspecify.annotations.NullMarked;
