/** Tells open pages what has changed. */
@NullMarked
package dev.behalf.web.live;

import org.jspecify.annotations.NullMarked;
