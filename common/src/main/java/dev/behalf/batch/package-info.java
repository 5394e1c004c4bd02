/** Group commit: many requests share one transaction, message or write. */
@NullMarked
package dev.behalf.batch;

import org.jspecify.annotations.NullMarked;
