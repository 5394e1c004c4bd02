/** Many requests, one piece of work. */
@NullMarked
package dev.behalf.batch;

import org.jspecify.annotations.NullMarked;
