/** An endpoint without a key, for the key check to be compared with. */
@NullMarked
package dev.behalf.bench.open;

import org.jspecify.annotations.NullMarked;
