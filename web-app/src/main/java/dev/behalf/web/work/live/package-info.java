/** Tells open pages what has changed. */
@NullMarked
package dev.behalf.web.work.live;

import org.jspecify.annotations.NullMarked;
