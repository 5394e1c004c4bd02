/** What a service does about its memory. */
@NullMarked
package dev.behalf.memory;

import org.jspecify.annotations.NullMarked;
