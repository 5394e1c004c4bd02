/** compute-server: knows the user by the key, computes, saves and charges. */
@NullMarked
package dev.behalf.compute;

import org.jspecify.annotations.NullMarked;
