/** Encryption at rest: the vault, and master keys that are replaced. */
@NullMarked
package dev.behalf.web.site.crypto;

import org.jspecify.annotations.NullMarked;
