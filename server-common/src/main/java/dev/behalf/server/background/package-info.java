/** Tasks that run in the background for as long as their server does. */
@NullMarked
package dev.behalf.server.background;

import org.jspecify.annotations.NullMarked;
