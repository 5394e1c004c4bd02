/** Encryption at rest, the replacement of master keys, and the tokens of links. */
@NullMarked
package dev.behalf.web.site.crypto;

import org.jspecify.annotations.NullMarked;
