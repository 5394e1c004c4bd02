/** Units used and left. */
@NullMarked
package dev.behalf.web.usage;

import org.jspecify.annotations.NullMarked;
