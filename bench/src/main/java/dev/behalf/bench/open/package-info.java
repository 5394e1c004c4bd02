/** An endpoint without a key, which the key check is compared with. */
@NullMarked
package dev.behalf.bench.open;

import org.jspecify.annotations.NullMarked;
