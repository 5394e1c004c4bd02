/** What can be computed: one small class for each operation. */
@NullMarked
package dev.behalf.compute.engines;

import org.jspecify.annotations.NullMarked;
