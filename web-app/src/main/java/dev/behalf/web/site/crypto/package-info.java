/** Encryption at rest, and the replacement of master keys. */
@NullMarked
package dev.behalf.web.site.crypto;

import org.jspecify.annotations.NullMarked;
