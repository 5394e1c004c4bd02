/** What a service does between its start and the moment it reports that it is ready. */
@NullMarked
package dev.behalf.start;

import org.jspecify.annotations.NullMarked;
