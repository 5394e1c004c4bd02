/** Measures the path of jobs on a real broker and database, and what these two can do alone. */
@NullMarked
package dev.behalf.bench;

import org.jspecify.annotations.NullMarked;
