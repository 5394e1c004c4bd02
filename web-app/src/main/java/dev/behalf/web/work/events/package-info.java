/** What happens to jobs, told to whoever watches: changes of state, and what engines say. */
@NullMarked
package dev.behalf.web.work.events;

import org.jspecify.annotations.NullMarked;
