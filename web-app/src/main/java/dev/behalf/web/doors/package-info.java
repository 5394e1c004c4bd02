/** Who may come in by which door. */
@NullMarked
package dev.behalf.web.doors;

import org.jspecify.annotations.NullMarked;
