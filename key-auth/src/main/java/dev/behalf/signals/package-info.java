/** Short words between the replicas, over the database. */
@NullMarked
package dev.behalf.signals;

import org.jspecify.annotations.NullMarked;
