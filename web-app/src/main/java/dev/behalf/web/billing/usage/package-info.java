/** Units used and left. */
@NullMarked
package dev.behalf.web.billing.usage;

import org.jspecify.annotations.NullMarked;
