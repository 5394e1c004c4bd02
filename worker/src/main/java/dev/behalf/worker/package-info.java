/** The worker: does a job as its user, with that user's key. It has no database and no session. */
@NullMarked
package dev.behalf.worker;

import org.jspecify.annotations.NullMarked;
