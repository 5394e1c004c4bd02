/** Applications of others that act for users: OAuth 2, from the registration to the last token. */
@NullMarked
package dev.behalf.web.identity.oauth;

import org.jspecify.annotations.NullMarked;
