/** People: sign-up and sign-in. */
@NullMarked
package dev.behalf.web.identity.accounts;

import org.jspecify.annotations.NullMarked;
