/** Tells a worker the key of the user whose job it holds. */
@NullMarked
package dev.behalf.web.lookup;

import org.jspecify.annotations.NullMarked;
