/** Third-party applications that act for users: OAuth 2, from registration to the last token. */
@NullMarked
package dev.behalf.web.identity.oauth;

import org.jspecify.annotations.NullMarked;
