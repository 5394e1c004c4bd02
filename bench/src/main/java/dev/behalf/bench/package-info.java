/** Measures the whole way on a real broker and database, beside what these can do alone. */
@NullMarked
package dev.behalf.bench;

import org.jspecify.annotations.NullMarked;
