/** People: sign-up and sign-in. */
@NullMarked
package dev.behalf.web.accounts;

import org.jspecify.annotations.NullMarked;
