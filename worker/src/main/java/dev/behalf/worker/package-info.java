/**
 * The worker: runs each job as its owner, with that user's key. It has no database and no session.
 */
@NullMarked
package dev.behalf.worker;

import org.jspecify.annotations.NullMarked;
