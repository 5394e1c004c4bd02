/** How the pages look to one person: theme, language and time zone. */
@NullMarked
package dev.behalf.web.look;

import org.jspecify.annotations.NullMarked;
