/** Something done to all jobs that match a query. */
@NullMarked
package dev.behalf.web.sweeps;

import org.jspecify.annotations.NullMarked;
