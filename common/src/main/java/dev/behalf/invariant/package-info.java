/** The invariants of the data, as queries over the tables of all services. */
@NullMarked
package dev.behalf.invariant;

import org.jspecify.annotations.NullMarked;
