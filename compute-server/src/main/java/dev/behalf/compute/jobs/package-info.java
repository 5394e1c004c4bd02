/** Compute jobs: each is computed once and saved with its charge. */
@NullMarked
package dev.behalf.compute.jobs;

import org.jspecify.annotations.NullMarked;
