/** Platforms: backends of teams that bring their own users and act for them. */
@NullMarked
package dev.behalf.web.identity.platforms;

import org.jspecify.annotations.NullMarked;
