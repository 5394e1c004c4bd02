/** Tokens with which a page in a browser follows one job. */
@NullMarked
package dev.behalf.web.identity.watchtokens;

import org.jspecify.annotations.NullMarked;
