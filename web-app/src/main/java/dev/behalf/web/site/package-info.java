/** What the whole of web-app stands on: settings of secrets, ids, loops. */
@NullMarked
package dev.behalf.web.site;

import org.jspecify.annotations.NullMarked;
