/** Applications of others that act for users: OAuth 2, from the registration to the last token. */
@NullMarked
package dev.behalf.web.applications;

import org.jspecify.annotations.NullMarked;
