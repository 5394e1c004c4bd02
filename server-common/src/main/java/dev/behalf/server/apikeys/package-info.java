/** The Api-Key door: from an Authorization header to the user that the key belongs to. */
@NullMarked
package dev.behalf.server.apikeys;

import org.jspecify.annotations.NullMarked;
