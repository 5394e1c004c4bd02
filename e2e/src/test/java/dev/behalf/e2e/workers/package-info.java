/** The contract of docs/workers.md, and the workers that are held to it. */
@NullMarked
package dev.behalf.e2e.workers;

import org.jspecify.annotations.NullMarked;
