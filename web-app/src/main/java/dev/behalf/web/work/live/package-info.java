/** Server-sent events that notify open pages of changed jobs. */
@NullMarked
package dev.behalf.web.work.live;

import org.jspecify.annotations.NullMarked;
