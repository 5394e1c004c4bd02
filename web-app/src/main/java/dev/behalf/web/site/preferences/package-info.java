/** How the pages look to one person: theme, language and time zone. */
@NullMarked
package dev.behalf.web.site.preferences;

import org.jspecify.annotations.NullMarked;
