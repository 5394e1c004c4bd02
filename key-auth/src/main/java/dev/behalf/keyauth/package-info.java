/** The Api-Key door: from an Authorization header to the user that the key belongs to. */
@NullMarked
package dev.behalf.keyauth;

import org.jspecify.annotations.NullMarked;
