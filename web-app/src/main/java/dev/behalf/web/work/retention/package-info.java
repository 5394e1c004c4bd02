/** Retention: ended jobs are deleted after some days, with their inputs and results. */
@NullMarked
package dev.behalf.web.work.retention;

import org.jspecify.annotations.NullMarked;
