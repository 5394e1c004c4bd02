/** User accounts: sign-up, sign-in, settings and deletion. */
@NullMarked
package dev.behalf.web.identity.accounts;

import org.jspecify.annotations.NullMarked;
