/** Tells a worker the key of the user whose job it holds. */
@NullMarked
package dev.behalf.web.identity.keylookup;

import org.jspecify.annotations.NullMarked;
