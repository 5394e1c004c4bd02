/**
 * Runs of long operations: each belongs to one replica, holds the greatest cost of its job, and
 * decides how the job ends.
 */
@NullMarked
package dev.behalf.compute.runs;

import org.jspecify.annotations.NullMarked;
