/** API keys: from an Authorization header to the user who owns the key. */
@NullMarked
package dev.behalf.server.apikeys;

import org.jspecify.annotations.NullMarked;
