/** Everything that is stored about a user, as one archive. */
@NullMarked
package dev.behalf.web.site.archive;

import org.jspecify.annotations.NullMarked;
