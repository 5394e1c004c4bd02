/** From the broker to the end of a job: what workers say, and what becomes of it. */
@NullMarked
package dev.behalf.web.work.outcomes;

import org.jspecify.annotations.NullMarked;
