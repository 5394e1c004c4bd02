/** The key look-up, which gives a worker the key of the user whose job it holds. */
@NullMarked
package dev.behalf.web.identity.keylookup;

import org.jspecify.annotations.NullMarked;
