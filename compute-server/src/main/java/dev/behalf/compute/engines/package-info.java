/** The engines: one small class for each operation. */
@NullMarked
package dev.behalf.compute.engines;

import org.jspecify.annotations.NullMarked;
