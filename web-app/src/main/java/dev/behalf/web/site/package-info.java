/** The foundation of web-app: secrets from the settings, ids and background loops. */
@NullMarked
package dev.behalf.web.site;

import org.jspecify.annotations.NullMarked;
