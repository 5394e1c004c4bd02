/** Who may call what. */
@NullMarked
package dev.behalf.compute.doors;

import org.jspecify.annotations.NullMarked;
