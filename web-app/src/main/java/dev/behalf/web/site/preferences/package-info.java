/** A user's display preferences: theme, language and time zone. */
@NullMarked
package dev.behalf.web.site.preferences;

import org.jspecify.annotations.NullMarked;
