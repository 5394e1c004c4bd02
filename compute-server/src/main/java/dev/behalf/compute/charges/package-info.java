/** Results and their charges: stored together, or not at all. */
@NullMarked
package dev.behalf.compute.charges;

import org.jspecify.annotations.NullMarked;
